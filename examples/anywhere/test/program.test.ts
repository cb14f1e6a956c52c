// Runs the built program as its own process, as a user would.
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../src/places.js'

const program = fileURLToPath(new URL('../dist/index.js', import.meta.url))

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'anywhere-'))
})

afterEach(async () => {
  await rm(directory, { recursive: true })
})

test.each(['files', 'rocksdb', 'encrypted'])('keeps notes on %s from one run to the next', async (place) => {
  expect(await run(place, 'first', directory)).toEqual({
    code: 0,
    out: '1  first\n2  first again\n',
    err: '',
  })
  const { out } = await run(place, 'second', directory)
  expect(out).toBe('1  first\n2  first again\n3  second\n4  second again\n')
})

test('keeps notes in memory while it runs', async () => {
  for (const note of ['first', 'second']) {
    expect((await run('memory', note, directory)).out).toBe(`1  ${note}\n2  ${note} again\n`)
  }
  expect(await readdir(directory)).toEqual(['storage.key'])
})

test('keeps one file in files and encrypted, and the notes in the clear only in files', async () => {
  for (const [place, isReadable] of [
    ['files', true],
    ['encrypted', false],
  ] as const) {
    await run(place, 'a most private note', directory)
    expect(await readdir(join(directory, place))).toEqual(['store.kv'])
    const content = await readFile(join(directory, place, 'store.kv'), 'latin1')
    expect(content.includes('a most private note')).toBe(isReadable)
  }
})

test('refuses what was encrypted with another key, or changed, and opens it again once that is undone', async () => {
  await run('encrypted', 'first', directory)
  const file = join(directory, 'encrypted', 'store.kv')
  const [key, content] = [await readFile(join(directory, 'storage.key')), await readFile(file)]

  const wrong = openStore('encrypted', directory, new Uint8Array(32))
  await expect(wrong.ready()).rejects.toMatchObject({ name: 'StorageError' })
  await wrong.close()

  // The first two pages of the store are its meta pages: one of them in the other's place.
  const sealed = 12 + 4096 + 16
  await writeFile(file, Buffer.concat([content.subarray(sealed), content.subarray(sealed)]))
  const moved = openStore('encrypted', directory, key)
  await expect(moved.ready()).rejects.toMatchObject({ name: 'StorageError' })
  await moved.close()

  await writeFile(file, content)
  expect((await run('encrypted', 'second', directory)).out).toMatch(/^1 {2}first\n/)
})

test('says which storages there are', async () => {
  expect(await run('paper', 'first', directory)).toEqual({
    code: 1,
    out: '',
    err: 'paper: The storage must be one of memory, files, rocksdb, encrypted\n',
  })
})

async function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exited])
  return { code, out, err }
}
