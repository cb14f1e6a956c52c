// What the results were measured on and with.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, totalmem } from 'node:os'
import { dirname, join } from 'node:path'

export interface Machine {
  readonly processor: string
  readonly processors: number
  /** In bytes. */
  readonly memory: number
  readonly platform: string
  readonly node: string
  /** By package. */
  readonly versions: Readonly<Record<string, string>>
}

/** By the names that they are installed under. */
const PACKAGES = ['corestore-7', 'corestore-6', 'hypercore', 'hypercore-storage', 'rocksdb-native']

export function describeMachine(): Machine {
  const processors = cpus()
  return {
    processor: processors[0]?.model.trim() ?? 'unknown',
    processors: processors.length,
    memory: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    versions: Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
  }
}

function versionOf(name: string): string {
  // Its package.json may not be among its exports.
  const { resolve } = createRequire(import.meta.url)
  for (let directory = dirname(resolve(name)); ; directory = dirname(directory)) {
    try {
      const { version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
        version?: string
      }
      if (version !== undefined) return version
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || directory === dirname(directory)) throw error
    }
  }
}
