// The packages as npm would publish them, installed in a directory of their own.

import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** The repository. */
export const ROOT = new URL('../../../../', import.meta.url).pathname
const PACKAGES = join(ROOT, 'packages')

/** A project that has installed the packed packages. */
export interface Consumer {
  readonly directory: string
  /** Tarball by package folder. */
  readonly tarballs: ReadonlyMap<string, string>
  remove(): void
}

/** The folders of the packages that are published. */
export function packageFolders(): string[] {
  return readdirSync(PACKAGES).filter((folder) => {
    const file = join(PACKAGES, folder, 'package.json')
    return existsSync(file) && !JSON.parse(readFileSync(file, 'utf8')).private
  })
}

/** Packs every package, and installs the tarballs beside what they depend on. */
export function installPacked(): Consumer {
  const directory = mkdtempSync(join(tmpdir(), 'coreyard-consumer-'))
  const modules = join(directory, 'node_modules')
  mkdirSync(join(modules, '@coreyard'), { recursive: true })

  const tarballs = new Map<string, string>()
  for (const { name, filename } of pack(directory)) {
    const target = join(modules, name)
    mkdirSync(target)
    execFileSync('tar', ['-xzf', join(directory, filename), '-C', target, '--strip-components=1'])
    tarballs.set(basename(name), join(directory, filename))
  }
  // What others publish comes from the repository: the same versions, without a network. A package may have versions of its own.
  for (const folder of tarballs.keys()) {
    const own = join(PACKAGES, folder, 'node_modules')
    if (existsSync(own)) symlinkSync(own, join(modules, '@coreyard', folder, 'node_modules'))
  }
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    // Types of Node.js are the consumer's choice: what needs them must not find them by itself.
    if (name === '@coreyard' || name === '@types' || name.startsWith('.')) continue
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
  }
  cpSync(new URL('./fixture', import.meta.url), directory, { recursive: true })
  return { directory, tarballs, remove: () => rmSync(directory, { recursive: true }) }
}

function pack(directory: string): { name: string; filename: string }[] {
  const packages = packageFolders().map((folder) => `--workspace=packages/${folder}`)
  const args = ['pack', '--json', '--ignore-scripts', `--pack-destination=${directory}`, ...packages]
  return JSON.parse(execFileSync('npm', args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] }).toString())
}

/** The names that a package can be imported by. */
export function entryPoints({ directory }: Consumer, folder: string): string[] {
  const file = join(directory, 'node_modules/@coreyard', folder, 'package.json')
  const { name, exports } = JSON.parse(readFileSync(file, 'utf8')) as {
    name: string
    exports: Record<string, unknown>
  }
  return Object.entries(exports)
    .filter(([, target]) => typeof target === 'object' && target !== null && 'default' in target)
    .map(([path]) => name + path.slice(1))
}
