// The pool over real files, where the file system tells whether something is open twice or left open.
import { type FileHandle, mkdtemp, open, readdir, readFile, rm, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Pool } from '../src/index.js'
import { flush, Ledger, type Thing } from './ledger.js'
import { logs, writeLine } from './log-files.js'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sessions-'))
})

afterEach(() => rm(directory, { recursive: true }))

interface LockFile {
  readonly path: string
  handle: FileHandle | null
}

test('files that may exist once only are opened and closed by many at once without a clash', async () => {
  let opened = 0
  const pool = new Pool<LockFile>(
    {
      create: (id) => ({ path: join(directory, id), handle: null }),
      open: async (file) => {
        file.handle = await open(file.path, 'wx')
        opened++
      },
      close: async (file) => {
        await file.handle?.close()
        await unlink(file.path)
      },
    },
    { maxIdle: 3 },
  )
  const worker = async (_: unknown, number: number): Promise<void> => {
    for (let round = 0; round < 100; round++) {
      using lease = pool.acquire(`lock ${(number * 7 + round * (number + 1)) % 10}`)
      await (await lease.ready()).handle?.write('.')
    }
  }
  await Promise.all(Array.from({ length: 4 }, worker))
  expect(opened).toBeGreaterThan(10)
  expect([pool.size, pool.idle, pool.leases]).toEqual([3, 3, 0])
  await pool.close()
  expect(await readdir(directory)).toEqual([])
})

test('a file that cannot be opened is an error for whoever wants it, until it can', async () => {
  const missing = join(directory, 'later', 'log')
  await expect(writeLine(missing, 'lost')).rejects.toMatchObject({ code: 'ENOENT' })
  expect(logs.has(missing)).toBe(false)
})

test('the example writes what it is given, and is the one in the documentation', async () => {
  const lines = Array.from({ length: 500 }, (_, i) => `line ${i}`)
  await Promise.all(lines.map((line, i) => writeLine(join(directory, `${i % 5}.log`), line)))
  const written = await Promise.all(
    (await readdir(directory)).map((name) => readFile(join(directory, name), 'utf8')),
  )
  expect(written.join('').trim().split('\n').sort()).toEqual(lines.sort())
  expect(logs.idle).toBe(5)
  await logs.close()

  const source = await readFile(new URL('./log-files.ts', import.meta.url), 'utf8')
  const example = source.replace(/^.*\n/, '').replace('../src/index.js', '@coreyard/sessions').trim()
  expect(await readFile(new URL('../README.md', import.meta.url), 'utf8')).toContain(example)
  const documentation = await readFile(new URL('../src/index.ts', import.meta.url), 'utf8')
  expect(documentation.replace(/^ \* ?/gm, '')).toContain(example)
})

test('ten thousand resources and a hundred thousand leases later nothing is held on to', async () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const ledger = new Ledger()
  const pool = new Pool<Thing>(ledger, { maxIdle: 10, idleTimeout: 60_000 })
  const gone: WeakRef<Thing>[] = []
  for (let i = 0; i < 10_000; i++) {
    const leases = Array.from({ length: 10 }, () => pool.acquire(`${i}`))
    if (i < 9_000) gone.push(new WeakRef(leases[0]?.resource ?? expect.unreachable()))
    await leases[0]?.ready()
    for (const lease of leases) lease.release()
    ledger.things.length = 0
  }
  await flush()
  expect([pool.size, pool.idle, pool.leases]).toEqual([10, 10, 0])
  // A leak is a timeout.
  while (gone.some((reference) => reference.deref() !== undefined)) {
    await flush()
    collect()
  }
  await pool.close()
})
