// The files of a Corestore 6, to be read: nothing here, and nothing that is built on it, can write. In a directory they are
// opened for reading only; of a random-access-storage only `stat`, `read` and `close` are called.
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { RandomAccessStorage } from '@coreyard/random-access-kv'
import { FileStorage } from '@coreyard/random-access-kv/file'
import {
  call,
  fileDirectoryOf,
  isMissing,
  makeStorage,
  openStorage,
  readStorage,
  sizeOf,
  withStorageErrors,
} from '@coreyard/storage/copying'

export interface SourceFile {
  /** For messages. */
  readonly name: string
  /** In bytes; 0 if it does not exist. */
  readonly size: number
  /** Exactly those bytes, which must be in the file. */
  read(offset: number, size: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** Opens the file at a path of Corestore 6's layout, such as `primary-key`. */
export type OpenFile = (path: string) => Promise<SourceFile>

/** The files in a directory. */
export function filesIn(directory: string): OpenFile {
  return (path) => withStorageErrors(openFile(join(directory, path)), directory)
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
    const read = (offset: number, size: number) => withStorageErrors(readStorage(storage, offset, size), null)
    try {
      await openStorage(storage)
      return { name: path, size: await sizeOf(storage), read, close }
    } catch (error) {
      await close().catch(() => {})
      return isMissing(error) ? missing(path) : withStorageErrors(Promise.reject(error), null)
    }
  }
}

/** `fileStorage` would create the file when it opens. */
function storageToRead(argument: object, path: string): RandomAccessStorage {
  const files = fileDirectoryOf(argument)
  if (files === undefined) return makeStorage(argument, path)
  return new FileStorage(join(files.directory, path), { lock: files.lock, readOnly: true })
}
