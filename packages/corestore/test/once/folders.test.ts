// The folders of src, from the lowest to the highest: docs/architecture.md has a table of them.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const SOURCES = new URL('../../src/', import.meta.url).pathname
const FOLDERS = [
  'errors',
  'user-code',
  'lifetime',
  'options',
  'names',
  'lookup',
  'cores',
  'sessions',
  'replication',
  'events',
  'records',
  'store',
]
/** Plugins of bundlers: programs of their own. */
const APART = ['bundlers']

/** What a source file imports of the package, with types, by path within src. */
function importsOf(file: string): string[] {
  const source = readFileSync(join(SOURCES, file), 'utf8')
  const paths = [...source.matchAll(/(?:from|import) '(\.[^']+)'/g)].map(([, path = '']) => path)
  return paths.map((path) => relative(SOURCES, join(SOURCES, dirname(file), path)))
}

const folderOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '')

test('each folder of src imports only itself and the folders below it', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ts$/.test(file))
    .filter((file) => !APART.includes(folderOf(file)))
  expect([...new Set(files.map(folderOf))].sort()).toEqual(['', ...FOLDERS].sort())
  const upwards = files
    .filter((file) => folderOf(file) !== '')
    .flatMap((file) => importsOf(file).map((imported) => [file, imported] as const))
    .filter(([file, imported]) => {
      const [from, to] = [FOLDERS.indexOf(folderOf(file)), FOLDERS.indexOf(folderOf(imported))]
      return to === -1 || to > from
    })
  expect(upwards).toEqual([])
})
