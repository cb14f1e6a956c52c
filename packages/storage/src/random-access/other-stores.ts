// Looks for a store of another kind, which a class or function keeps under other names than `store.kv`. It must not be mistaken for an
// empty storage.
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { RandomAccessStorage } from '@coreyard/random-access-kv'
import { makeStorage } from '../argument/random-access-argument.js'
import { corestore5Says } from '../directory/corestore-5.js'
import { StorageError } from '../errors/storage-error.js'
import { call, sizeOf } from './storage-calls.js'

interface OtherStore {
  /** The file by which it is recognised. */
  readonly path: string
  readonly says: string
}

const OTHERS: readonly OtherStore[] = [
  {
    path: 'master_key',
    says: corestore5Says('master_key'),
  },
  {
    path: 'primary-key',
    says:
      'holds a store of Corestore 6: bring it over with convert(storage, destination, { cores }) of @coreyard/convert, where cores ' +
      'are the keys of its cores',
  },
  {
    path: 'db/store.kv',
    says:
      "holds a store that Corestore 7 has moved from store.kv to db/store.kv: bring it over with convert(fileStorage('<directory>/db'), " +
      'destination) of @coreyard/convert',
  },
  {
    path: 'db/CURRENT',
    says: 'is a directory with a store of RocksDB: open that with its path in place of the class or function',
  },
]

/** Throws if a class or function that returned an empty storage has the files of another kind of store. */
export async function expectNoOtherStore(argument: object, storage: RandomAccessStorage): Promise<void> {
  if (isFresh(argument, storage)) return
  for (const { path, says } of OTHERS) {
    if (!(await isStored(argument, path, storage))) continue
    const name =
      storage.filename === undefined ? 'What the class or function makes' : resolve(storage.filename)
    throw new StorageError('STORAGE_CONFLICT', `${name} is empty, and ${path} beside it ${says}`, null)
  }
}

/** Whether it is memory that a class has just made. */
function isFresh(argument: object, storage: object): boolean {
  const isClass = storage.constructor === argument
  return isClass && Array.isArray(Reflect.get(storage, 'buffers'))
}

async function isStored(argument: object, path: string, own: RandomAccessStorage): Promise<boolean> {
  let storage: RandomAccessStorage
  try {
    storage = makeStorage(argument, path)
  } catch {
    return false // the function accepts only `store.kv`
  }
  if (storage === own) return false
  if (storage.filename !== undefined) return isOtherFile(storage.filename, own.filename)
  try {
    // The storage is not opened, because opening could make the file. A storage without a size before it opens is skipped.
    return (await sizeOf(storage)) > 0
  } catch {
    return false
  } finally {
    await call((done) => (storage.close ? storage.close(done) : done(null))).catch(() => {})
  }
}

/** Whether a file has bytes, and is not the store's own file, which a function may return for every name. */
function isOtherFile(file: string, own: string | undefined): boolean {
  if (own !== undefined && resolve(file) === resolve(own)) return false
  try {
    return statSync(file).size > 0
  } catch {
    return false
  }
}
