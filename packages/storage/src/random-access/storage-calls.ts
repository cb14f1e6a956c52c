// Calls methods of a `random-access-storage` with promises in place of callbacks.
import type { RandomAccessStorage } from '@coreyard/random-access-kv'
import { hasCode } from '../errors/error-codes.js'

type Done<T> = (error: Error | null, result?: T) => void

/** Calls a method that takes a callback. Resolves with its result. */
export function call<T = void>(start: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, result) => (error ? reject(error) : resolve(result as T)))
  })
}

/** Opens a storage that does not open itself. A storage with the property `opened`, as of `random-access-storage`, opens itself. */
export async function openStorage(storage: RandomAccessStorage): Promise<void> {
  if (storage.opened === undefined) await call((done) => (storage.open ? storage.open(done) : done(null)))
}

/** Reads exactly `size` bytes at `offset`. Rejects if the storage returns fewer. */
export async function readStorage(
  storage: RandomAccessStorage,
  offset: number,
  size: number,
): Promise<Uint8Array> {
  const bytes = await call<Uint8Array>((done) => storage.read(offset, size, done))
  if (bytes.byteLength !== size) throw new Error(`The storage gave ${bytes.byteLength} of ${size} bytes`)
  return bytes
}

/** Resolves with the size of a storage in bytes; 0 if its file does not exist. */
export async function sizeOf(storage: RandomAccessStorage): Promise<number> {
  if (!canStat(storage)) return findSize(storage)
  try {
    return (await call<{ size: number }>((done) => storage.stat?.(done))).size
  } catch (error) {
    // A random-access-file that was never written does not exist.
    if (hasCode(error, 'ENOENT')) return 0
    throw error
  }
}

/** Whether a storage is empty. */
export async function isEmpty(storage: RandomAccessStorage): Promise<boolean> {
  if (canStat(storage)) return (await sizeOf(storage)) === 0
  return !(await hasByte(storage, 0))
}

/** Searches for the size of a storage without `stat`: reading past the end is an error. */
async function findSize(storage: RandomAccessStorage): Promise<number> {
  let end = 1
  while (await hasByte(storage, end - 1)) end *= 2
  let size = Math.floor(end / 2)
  while (end - size > 1) {
    const middle = Math.floor((size + end) / 2)
    if (await hasByte(storage, middle - 1)) size = middle
    else end = middle
  }
  return size
}

async function hasByte(storage: RandomAccessStorage, offset: number): Promise<boolean> {
  try {
    await readStorage(storage, offset, 1)
    return true
  } catch {
    return false
  }
}

function canStat({ stat, statable }: RandomAccessStorage): boolean {
  return stat !== undefined && statable !== false
}
