// What the demo feeds its writer: each line once, however often and however it is run.

import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { feedFiles, feedText } from '../src/feed.js'
import { emptyDirectory } from './program.js'

let journal: string
let one: string
let other: string

beforeEach(() => {
  const directory = emptyDirectory()
  journal = join(directory, 'journal.json')
  one = join(directory, 'one.txt')
  other = join(directory, 'other.txt')
  writeFileSync(one, 'a\nb\nc\n')
  writeFileSync(other, 'x\r\ny')
})

test('all lines of the files in order, the first time', async () => {
  expect(await feedFiles(journal, [one, other], 0)).toEqual(['a', 'b', 'c', 'x', 'y'])
})

test('nothing, when the writer has it all', async () => {
  await feedFiles(journal, [one, other], 0)
  expect(await feedFiles(journal, [one, other], 5)).toEqual([])
})

test('what was appended, and what is in files that are new', async () => {
  await feedFiles(journal, [one], 0)
  appendFileSync(one, 'd\n')
  expect(await feedFiles(journal, [one, other], 3)).toEqual(['d', 'x', 'y'])
  expect(await feedFiles(journal, [one, other], 6)).toEqual([])
})

test('all of a file that was changed in any other way, for a log keeps what it has', async () => {
  await feedFiles(journal, [one, other], 0)
  writeFileSync(one, 'a\nB\nc\n')
  expect(await feedFiles(journal, [one, other], 5)).toEqual(['a', 'B', 'c'])
  writeFileSync(one, 'a\n')
  expect(await feedFiles(journal, [one, other], 8)).toEqual(['a'])
})

test.each([0, 1, 2, 3, 4, 5])(
  'what is missing, when the writer got only %i lines of the last run',
  async (held) => {
    await feedFiles(journal, [one, other], 0)
    expect(await feedFiles(journal, [one, other], held)).toEqual(['a', 'b', 'c', 'x', 'y'].slice(held))
    expect(await feedFiles(journal, [one, other], 5)).toEqual([])
  },
)

test('all of a file that was changed after a run that was cut short in it', async () => {
  await feedFiles(journal, [one, other], 0)
  writeFileSync(one, 'A\nb\n')
  expect(await feedFiles(journal, [one, other], 2)).toEqual(['A', 'b', 'x', 'y'])
})

test('the lines of standard input, whenever they are given', async () => {
  expect(await feedText(journal, 'a\nb', 0)).toEqual(['a', 'b'])
  expect(await feedText(journal, 'a\nb', 2)).toEqual(['a', 'b'])
})

test('the rest of a file, when standard input came before it', async () => {
  await feedText(journal, '1\n2\n', 0)
  await feedFiles(journal, [one], 2)
  expect(await feedFiles(journal, [one], 4)).toEqual(['c'])
})

test('the rest of a file, when the writer was run by hand before', async () => {
  await feedFiles(journal, [one], 7)
  expect(await feedFiles(journal, [one], 9)).toEqual(['c'])
})
