// Stores to convert, places for them, and what they hold record by record.

import { createHash } from 'node:crypto'
import type { CorestoreStorage } from '@coreyard/hypercore-types'
import { memoryStorage, type StorageArgument, type StorageOptions, storageEngine } from '@coreyard/storage'
import Corestore7 from 'corestore-7'
import { emptyDirectory } from '../../storage/test/directories.js'
import { engineOf } from './engines.js'

/** A storage argument, and the options that belong to it. */
export interface Place {
  readonly argument: StorageArgument
  readonly options?: Pick<StorageOptions, 'engine'>
}

export const PLACES: readonly (readonly [name: string, make: () => Place])[] = [
  ['RocksDB', () => ({ argument: emptyDirectory() })],
  ['files', () => ({ argument: emptyDirectory(), options: { engine: 'random-access' } })],
  ['memory', () => ({ argument: memoryStorage() })],
]

/** Puts a store there, with two named cores, one of them with a draft. Its key pairs are the same each time. */
export async function fill({ argument, options }: Place, cores = 2, blocks = 3): Promise<void> {
  const engine = engineOf(argument, { ...options, primaryKey: new Uint8Array(32).fill(7) })
  await engine.open()
  await fillStorage(engine.storage, cores, blocks)
  await engine.close()
}

async function fillStorage(storage: CorestoreStorage, cores: number, blocks: number): Promise<void> {
  const store = new Corestore7(storage)
  for (let number = 0; number < cores; number++) {
    const core = store.get({ name: `core ${number}` })
    await core.append(
      Array.from({ length: blocks }, (_, index) => `${number}/${index} ${'.'.repeat(index * 500)}`),
    )
    if (number > 0) continue
    const draft = core.session({ name: 'draft' })
    await draft.append('a draft')
    await draft.close()
  }
  await store.close()
}

/** Every record of the store there, as the SHA-256 of its value by its key in hex; none if there is no store. */
export async function recordsOf({ argument, options }: Place): Promise<Record<string, string>> {
  const engine = storageEngine(argument, { ...options, readOnly: true })
  const records: Record<string, string> = {}
  try {
    await engine.storage.db.ready()
    for await (const { key, value } of engine.storage.db.iterator()) {
      records[Buffer.from(key).toString('hex')] = createHash('sha256').update(value).digest('hex')
    }
  } finally {
    await engine.close()
  }
  return records
}
