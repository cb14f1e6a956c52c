import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

interface Manifest {
  name: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  peerDependenciesMeta?: Record<string, { optional?: boolean }>
}

const packageDirectory = dirname(dirname(fileURLToPath(import.meta.url)))
const manifest = readManifest(packageDirectory)

test('depends on sodium-universal and b4a alone', () => {
  expect(Object.keys(manifest.dependencies ?? {}).sort()).toEqual(['b4a', 'sodium-universal'])
  expect(manifest.optionalDependencies).toBeUndefined()
  expect(manifest.peerDependencies).toBeUndefined()
})

test('imports nothing but its own files and its dependencies', () => {
  const source = join(packageDirectory, 'src')
  const imported = readdirSync(source).flatMap((file) =>
    [...readFileSync(join(source, file), 'utf8').matchAll(/^(?:import|export) .*from '([^']+)'/gm)].map(
      ([, specifier]) => specifier,
    ),
  )
  const packages = new Set(imported.filter((specifier) => !specifier?.startsWith('./')))
  expect([...packages].sort()).toEqual(['b4a', 'sodium-universal'])
})

test('installs neither Hypercore nor Corestore nor a database with it', () => {
  const tree = [...dependencyTree(packageDirectory)].sort()
  expect(tree).toEqual(expect.arrayContaining(['b4a', 'sodium-native', 'sodium-universal']))
  expect(tree.filter((name) => /hypercore|corestore|rocksdb|level|storage|coreyard/.test(name))).toEqual([])
})

/** The names of all packages that come along with the one in `directory`, as Node.js resolves them. */
function dependencyTree(directory: string, seen = new Map<string, string>()): Set<string> {
  for (const name of requiredBy(readManifest(directory))) {
    const found = resolve(name, directory)
    if (found === null) throw new Error(`${name}, which ${directory} depends on, is not installed`)
    if (seen.has(found)) continue
    seen.set(found, name)
    dependencyTree(found, seen)
  }
  return new Set(seen.values())
}

function requiredBy({ dependencies, peerDependencies = {}, peerDependenciesMeta = {} }: Manifest): string[] {
  const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional)
  return [...Object.keys(dependencies ?? {}), ...peers]
}

function resolve(name: string, from: string): string | null {
  for (let directory = from; ; directory = dirname(directory)) {
    const candidate = join(directory, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return candidate
    if (directory === dirname(directory)) return null
  }
}

function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest
}
