// What this package is for: no other code of the repository names what Hypercore and its kind do not promise.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DEEP_IMPORTS, KEPT_IN, RELIANCES } from './reliances.js'

const ROOT = new URL('../../../', import.meta.url).pathname
const OWN = 'packages/hypercore-port/'
/** Folders with code. */
const FOLDERS = ['packages', 'bench', 'examples', 'scripts', 'docs']
const STACK = ['hypercore', 'hypercore-storage', 'protomux', 'rocksdb-native', '@hyperswarm/secret-stream']

/** Private members that the interfaces of streams, of random-access-storage and of abstract-level have, too. */
const OF_INTERFACES =
  /^_(?:batch|clear|close|del|destroy|final|flush|get|getMany|has|hasMany|iterator|next|nextv|open|put|read|seek|snapshot|stat|suspend|truncate|write)$/

/** Tests that look at what an attack or a database leaves inside of a package: by file, the members. */
const LOOKED_AT: { readonly [file: string]: readonly string[] } = {
  'bench/src/soak/store.ts': ['_infos'],
  'packages/corestore/test/hostile/flood.test.ts': ['_infos', '_remote'],
  'packages/corestore/test/hostile/flood-memory.test.ts': ['_remote'],
  'packages/corestore/test/hostile/messages.test.ts': ['_maxPages'],
  'packages/corestore/test/hostile/proofs.test.ts': ['_reorgs'],
  'packages/storage/test/database-contract.test.ts': ['_index', '_readableState', '_state'],
  'packages/storage/test/seam.ts': ['_index', '_state'],
}

/** Types declare the members of a core that its owner uses; their contract test is beside them. */
const TYPES = 'packages/hypercore-types/'

function filesIn(folder: string, isFile: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory())
      return /^(?:node_modules|dist|\..*)$/.test(entry.name) ? [] : filesIn(path, isFile)
    return isFile.test(entry.name) ? [path] : []
  })
}

/** The text of a file, without comments. */
function codeOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
}

const files = FOLDERS.flatMap((folder) => filesIn(folder, /\.(?:[cm]?[jt]s)$/))
const others = files.filter((file) => !file.startsWith(OWN))
const own = files.filter((file) => file.startsWith(`${OWN}src/`) && !file.endsWith('.d.ts'))

/** Members with an underscore of the packages, as they are installed. */
const privates = new Set(
  STACK.flatMap((name) => filesIn(`node_modules/${name}`, /\.js$/))
    .flatMap((file) => codeOf(file).match(/(?<=\.)_[a-zA-Z]\w*/g) ?? [])
    .filter((name) => !OF_INTERFACES.test(name)),
)

const deepImport = new RegExp(`['"\`]((?:${STACK.join('|')})/(?!package\\.json|alpha)[^'"\`]*)['"\`]`, 'g')

function deepImportsOf(path: string): string[] {
  return [...codeOf(path).matchAll(deepImport)].map(([, module = '']) => module)
}

/** Names with an underscore that are accessed, overridden, read by name or taken out of an object. Names of variables are not. */
function membersOf(path: string): string[] {
  return (
    codeOf(path).match(/(?<=[.'"`]\s*|(?:override|async|get|readonly)\s+|\{\s*)_[a-zA-Z]\w*(?![\w$])/g) ?? []
  )
}

test('the search finds the packages, their private members and the code', () => {
  expect(privates).toContain('_makePeer')
  expect(privates).toContain('_migrateStore')
  expect(privates).toContain('_rejectSession')
  expect(others.length).toBeGreaterThan(500)
  expect(own.length).toBeGreaterThan(20)
})

test('no code outside of this package imports a module that Hypercore and its kind do not export', () => {
  expect(others.map((file) => [file, deepImportsOf(file)]).filter(([, found]) => found?.length)).toEqual([])
})

test('no code outside of this package names a private member of Hypercore and its kind', () => {
  const found = others.flatMap((file) => {
    const named = membersOf(file).filter((name) => privates.has(name) && !LOOKED_AT[file]?.includes(name))
    return [...new Set(named)].map((name) => `${file}: ${name}`)
  })
  expect(found).toEqual([])
})

test('no source outside of this package names a member that Hypercore keeps for its own replication and storage', () => {
  const sources = others.filter((file) => /\/src\//.test(file) && !file.startsWith(TYPES))
  const member = new RegExp(`(?<=[.{,]\\s*)(?:${KEPT_IN.join('|')})(?![\\w$])`, 'g')
  expect(sources.map((file) => [file, codeOf(file).match(member)]).filter(([, found]) => found)).toEqual([])
})

test('each private member that this package names is in reliances.ts', () => {
  for (const file of own) {
    const name = file.slice(`${OWN}src/`.length)
    const listed = Object.values(RELIANCES[name] ?? {}).flatMap((members) => Object.keys(members))
    const named = new Set(membersOf(file).filter((member) => privates.has(member)))
    expect([name, [...named].filter((member) => !listed.includes(member))]).toEqual([name, []])
    expect([name, deepImportsOf(file).sort()]).toEqual([name, [...(DEEP_IMPORTS[name] ?? [])].sort()])
  }
})

test('each member in reliances.ts is named by its file', () => {
  for (const [file, owners] of Object.entries(RELIANCES)) {
    const code = codeOf(`${OWN}src/${file}`)
    const members = Object.values(owners).flatMap((named) => Object.keys(named))
    expect([file, members.filter((name) => !new RegExp(`\\b${name}\\b`).test(code))]).toEqual([file, []])
  }
})

test('docs/architecture.md lists each reliance, with a test that is there', () => {
  const section = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8')
    .split('## What Hypercore does not promise')[1]
    ?.split('\n## ')[0]
  const rows = [...(section ?? '').matchAll(/^\| `([^`]+\.ts)` +\| (.+?) +\| `([^`]+)` +\|$/gm)]
  const listed = new Map(rows.map(([, file = '', members = '', guard = '']) => [file, { members, guard }]))
  expect([...listed.keys()].sort()).toEqual(
    [...new Set([...Object.keys(RELIANCES), ...Object.keys(DEEP_IMPORTS)])].sort(),
  )
  for (const [file, { members, guard }] of listed) {
    expect([file, namesIn(members)]).toEqual([file, relianceOf(file)])
    expect(files).toContain(`${OWN}test/${guard}`)
  }
})

/** `Core.onidle`, ... and modules, in order. */
function relianceOf(file: string): string[] {
  const members = Object.entries(RELIANCES[file] ?? {}).flatMap(([owner, named]) =>
    Object.keys(named).map((name) => `${owner}.${name}`),
  )
  return [...members, ...(DEEP_IMPORTS[file] ?? [])]
}

function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
}
