// The figures of README.md are those of docs/performance.md, which the benchmark writes.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../../packages/corestore/test/consumer/packed.js'

test('README.md shows the figures of docs/performance.md', () => {
  const shown = rows(between(read('README.md'), '| Coreyard, RocksDB |', '\n\n'))
  const measured = read('docs/performance.md')
  const rocksdb = rows(between(measured, '<!-- bench:rocksdb -->', '<!-- /bench'))
  const files = rows(between(measured, '<!-- bench:files -->', '<!-- /bench'))
  expect(shown.size).toBeGreaterThan(10)
  for (const [task, figures] of shown) {
    const [ours = '', seven, six] = files.get(task) ?? []
    expect([task, ...figures]).toEqual([task, rocksdb.get(task)?.[0], ours, seven, six])
  }
})

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

function between(text: string, start: string, end: string): string {
  return text.slice(text.indexOf(start)).split(end)[0] ?? ''
}

/** The figures of each task in a table, without how much they differ from run to run. */
function rows(table: string): Map<string, string[]> {
  const lines = table.split('\n').filter((line) => /^\| \w.*\| +\d/.test(line))
  return new Map(
    lines.map((line) => {
      const [task = '', ...figures] = line.split('|').slice(1, -1)
      return [task.trim(), figures.map((figure) => figure.trim().replace(/ ±.*/, ''))]
    }),
  )
}
