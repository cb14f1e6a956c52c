// Where the app's store can live. This is the only file that differs from one storage to another.
import { join } from 'node:path'
import { Corestore, memoryStorage } from '@coreyard/corestore'
import RandomAccessFile from 'random-access-file'
import { EncryptedStorage } from './encrypted-storage.js'

export const PLACES = ['memory', 'files', 'rocksdb', 'encrypted'] as const

export type Place = (typeof PLACES)[number]

// Lives as long as the process.
const memory = memoryStorage()

/**
 * The app's store.
 *
 * @param directory what is kept is kept here, but for `'memory'`
 * @param key 32 bytes, of `'encrypted'`
 */
export function openStore(place: Place, directory: string, key: Uint8Array): Corestore {
  switch (place) {
    case 'memory':
      return new Corestore(memory)
    case 'files':
      return new Corestore(join(directory, place), { engine: 'random-access' })
    case 'rocksdb':
      return new Corestore(join(directory, place))
    case 'encrypted':
      return new Corestore(
        (name) =>
          new EncryptedStorage(
            new RandomAccessFile(name, { directory: join(directory, place), lock: true }),
            key,
          ),
      )
  }
}
