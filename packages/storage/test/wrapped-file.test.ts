// A random-access-storage of a user's own around a random-access-file that does not exist yet.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Hypercore from 'hypercore'
import RandomAccessFile from 'random-access-file'
import RandomAccessStorage, { type Request, type Stats } from 'random-access-storage'
import { expect, onTestFinished, test } from 'vitest'
import { storageEngine } from '../src/index.js'

class Wrapper extends RandomAccessStorage {
  readonly #inner: RandomAccessStorage

  constructor(inner: RandomAccessStorage) {
    super()
    this.#inner = inner
  }

  protected override _read(request: Request<Uint8Array>): void {
    this.#inner.read(request.offset, request.size, (error, bytes) => request.callback(error, bytes))
  }

  protected override _write(request: Request): void {
    this.#inner.write(request.offset, request.data ?? new Uint8Array(0), (error) => request.callback(error))
  }

  protected override _stat(request: Request<Stats>): void {
    this.#inner.stat((error, stats) => request.callback(error, stats))
  }

  protected override _close(request: Request): void {
    this.#inner.close((error) => request.callback(error))
  }
}

test('a wrapper of a file that does not exist becomes a store, and opens again', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'coreyard-wrapped-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const make = (name: string) =>
    new Wrapper(new RandomAccessFile(name, { directory: join(directory, 'new') }))

  const { storage } = storageEngine(make)
  const core = new Hypercore(storage)
  await core.append('a')
  await core.close()

  const again = new Hypercore(storageEngine(make).storage)
  await again.ready()
  expect([again.key, again.length]).toEqual([core.key, 1])
  await again.close()
})
