// The packages as npm would publish them, installed in a directory of their own.

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

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

/** The folders of the packages. */
export function packageFolders(): string[] {
  return readdirSync(PACKAGES)
}

/** Packs every package, and installs the tarballs beside what they depend on. */
export function installPacked(): Consumer {
  const directory = mkdtempSync(join(tmpdir(), 'coreyard-consumer-'))
  const modules = join(directory, 'node_modules')
  mkdirSync(join(modules, '@coreyard'), { recursive: true })

  const tarballs = new Map<string, string>()
  for (const folder of packageFolders()) {
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', directory]
    const packed = execFileSync('npm', args, {
      cwd: join(PACKAGES, folder),
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [{ filename }] = JSON.parse(packed.toString()) as [{ filename: string }]
    const target = join(modules, '@coreyard', folder)
    mkdirSync(target)
    execFileSync('tar', ['-xzf', join(directory, filename), '-C', target, '--strip-components=1'])
    tarballs.set(folder, join(directory, filename))
  }
  // What others publish comes from the repository: the same versions, without a network.
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    // Types of Node.js are the consumer's choice: what needs them must not find them by itself.
    if (name === '@coreyard' || name === '@types' || name.startsWith('.')) continue
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
  }
  cpSync(new URL('./fixture', import.meta.url), directory, { recursive: true })
  return { directory, tarballs, remove: () => rmSync(directory, { recursive: true }) }
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
