// The files of a Corestore 6, to be read: nothing here, and nothing that is built on it, can write. In a directory they are
// opened for reading only; of a random-access-storage only `stat`, `read` and `close` are called.
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { RandomAccessStorage } from '@coreyard/random-access-kv'
import { FileStorage } from '@coreyard/random-access-kv/file'
import { makeStorage } from '../../random-access-argument.js'
import { fileDirectoryOf } from '../../ready-made-storages.js'
import { hasCode, isMissing } from '../../store-files.js'
import { attempt } from '../attributed.js'

export interface SourceFile {
  /** For messages. */
  readonly name: string
  /** In bytes; 0 if it is not there. */
  readonly size: number
  /** Exactly those bytes, which must be in the file. */
  read(offset: number, size: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** Opens the file at a path of Corestore 6's layout, such as `primary-key`. */
export type OpenFile = (path: string) => Promise<SourceFile>

/** The files in a directory. */
export function filesIn(directory: string): OpenFile {
  return (path) => attempt(openFile(join(directory, path)), directory)
}

async function openFile(name: string): Promise<SourceFile> {
  let handle: FileHandle
  try {
    handle = await open(name, 'r')
  } catch (error) {
    if (isMissing(error)) return missing(name)
    throw error
  }
  const { size } = await handle.stat()
  return {
    name,
    size,
    read: (offset, length) => readFully(handle, offset, length),
    close: () => handle.close(),
  }
}

function missing(name: string): SourceFile {
  const read = async () => {
    throw new Error(`${name} is not there`)
  }
  return { name, size: 0, read, close: async () => {} }
}

async function readFully(handle: FileHandle, offset: number, size: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(size)
  for (let done = 0; done < size; ) {
    const { bytesRead } = await handle.read(bytes, done, size - done, offset + done)
    if (bytesRead === 0) throw new Error(`The file ends before offset ${offset + size}`)
    done += bytesRead
  }
  return bytes
}

/** The storages that a class or function makes by their paths. */
export function storagesOf(argument: object): OpenFile {
  return async (path) => {
    const storage = storageToRead(argument, path)
    const close = () => call<void>((done) => (storage.close ? storage.close(done) : done(null)))
    const read = (offset: number, size: number) => attempt(readStorage(storage, offset, size), null)
    try {
      await call<void>((done) =>
        storage.open === undefined || storage.opened !== undefined ? done(null) : storage.open(done),
      )
      return { name: path, size: await sizeOf(storage), read, close }
    } catch (error) {
      await close().catch(() => {})
      return isMissing(error) ? missing(path) : attempt(Promise.reject(error), null)
    }
  }
}

/** One of `fileStorage` would make the file when it opens. */
function storageToRead(argument: object, path: string): RandomAccessStorage {
  const files = fileDirectoryOf(argument)
  if (files === undefined) return makeStorage(argument, path)
  return new FileStorage(join(files.directory, path), { lock: files.lock, readOnly: true })
}

async function readStorage(storage: RandomAccessStorage, offset: number, size: number): Promise<Uint8Array> {
  const bytes = await call<Uint8Array>((done) => storage.read(offset, size, done))
  if (bytes.byteLength !== size) throw new Error(`The storage gave ${bytes.byteLength} of ${size} bytes`)
  return bytes
}

async function sizeOf(storage: RandomAccessStorage): Promise<number> {
  if (storage.stat === undefined || storage.statable === false) return findSize(storage)
  try {
    return (await call<{ size: number }>((done) => storage.stat?.(done))).size
  } catch (error) {
    // A random-access-file that was never written does not exist.
    if (hasCode(error, 'ENOENT')) return 0
    throw error
  }
}

/** The size of a storage that does not tell it: reading past the end is an error. */
async function findSize(storage: RandomAccessStorage): Promise<number> {
  const has = async (byte: number) => {
    try {
      await readStorage(storage, byte, 1)
      return true
    } catch {
      return false
    }
  }
  let end = 1
  while (await has(end - 1)) end *= 2
  let size = Math.floor(end / 2)
  while (end - size > 1) {
    const middle = Math.floor((size + end) / 2)
    if (await has(middle - 1)) size = middle
    else end = middle
  }
  return size
}

function call<T>(start: (done: (error: Error | null, result?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, result) => (error ? reject(error) : resolve(result as T)))
  })
}
