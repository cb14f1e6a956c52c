// `npm run bench:installed`: what npm installs with a store, its dependencies with theirs, beside Corestore 6 and 7.

import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PACKAGES = ['@coreyard/corestore', 'corestore-7', 'corestore-6']

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
}

console.log('| package | packages | MB |\n| --- | ---: | ---: |')
for (const name of PACKAGES) {
  const installed = closureOf(name, ROOT)
  const bytes = [...installed].reduce((sum, directory) => sum + sizeOf(directory), 0)
  console.log(`| \`${name}\` | ${installed.size} | ${(bytes / 1e6).toFixed(1)} |`)
}

/** The directories of a package and of all that it depends on. */
function closureOf(name: string, from: string, found: Set<string> = new Set()): Set<string> {
  const directory = find(name, from)
  if (found.has(directory)) return found
  found.add(directory)
  for (const dependency of Object.keys(manifestOf(directory).dependencies ?? {})) {
    closureOf(dependency, directory, found)
  }
  return found
}

/** Where Node.js finds a package. */
function find(name: string, from: string): string {
  const directory = join(from, 'node_modules', name)
  if (existsSync(directory)) return realpathSync(directory)
  if (dirname(from) === from) throw new Error(`${name} is not installed`)
  return find(name, dirname(from))
}

function manifestOf(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
}

/** In bytes. Of a package of this repository: what npm would publish of it. */
function sizeOf(directory: string): number {
  if (directory.includes('node_modules')) return filesIn(directory)
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [{ unpackedSize }]: [{ unpackedSize: number }] = JSON.parse(packed.toString())
  return unpackedSize
}

/** Without the packages that are nested in it, which count on their own. */
function filesIn(directory: string): number {
  let bytes = 0
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) bytes += entry.name === 'node_modules' ? 0 : filesIn(path)
    else if (entry.isFile()) bytes += statSync(path).size
  }
  return bytes
}
