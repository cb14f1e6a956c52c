// Makes the records of a destination the same as those of a source. Missing and different records are written, extra ones are removed,
// and equal ones stay. So an interrupted copy continues when it is started again.
import { keys } from '@coreyard/hypercore-port/storage'
import type { DatabaseEntry } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { nameOf, StorageError } from '../errors/storage-error.js'
import { eachWithStorageErrors, withStorageErrors } from '../errors/with-storage-errors.js'
import type { CopiedDatabase } from './all-families.js'
import type { Copied, Pace } from './copy-options.js'
import type { OpenDatabase } from './open-database.js'
import { pairs } from './pairs.js'
import { recordName } from './record-names.js'
import type { Source } from './source.js'
import { Tally } from './tally.js'

const NOTHING = new Uint8Array(0)

/** Copies all records except the head. Resolves with the number of records that it wrote. */
export async function copyRecords(source: Source, to: OpenDatabase, pace: Pace): Promise<number> {
  const { database, directory } = to
  const tally = new Tally('copying', pace)
  let [written, batch] = [0, database.write()]
  try {
    for await (const { key, wanted, found } of pairs(source.records(), stored(database, directory))) {
      if (wanted === null) batch.tryDelete(key)
      else if (found === null || !b4a.equals(wanted, found)) {
        batch.tryPut(key, wanted)
        written++
      }
      if (!tally.add(key, wanted ?? NOTHING)) continue
      await withStorageErrors(batch.flush(), directory)
      batch.destroy()
      batch = database.write()
      tally.next()
    }
    await withStorageErrors(batch.flush(), directory)
  } finally {
    batch.destroy()
  }
  tally.next()
  return written
}

/** Throws `STORAGE_DIFFERS` unless source and destination have the same records. The head is not compared. */
export async function compareRecords(
  source: Source,
  { database, directory }: OpenDatabase,
  pace: Pace,
): Promise<Omit<Copied, 'written'>> {
  const tally = new Tally('checking', pace)
  for await (const { key, wanted, found } of pairs(source.records(), stored(database, directory))) {
    if (wanted === null || found === null || !b4a.equals(wanted, found)) {
      throw differs(recordName(key), wanted === null || found === null, directory)
    }
    if (tally.add(key, wanted)) tally.next()
  }
  tally.next()
  const { entries, bytes, cores } = tally
  return { entries, bytes, cores }
}

export function differs(record: string, isMissing: boolean, directory: string | null): StorageError {
  return new StorageError(
    'STORAGE_DIFFERS',
    `After the conversion, the ${record} ${isMissing ? 'is in one of the two storages only' : 'is not the same in both'}: ` +
      `check the disk that ${nameOf(directory)} is on, see that nothing else writes to the two, then run it again`,
    directory,
  )
}

/** Yields the records of a destination at one moment. */
async function* stored(database: CopiedDatabase, directory: string | null): AsyncGenerator<DatabaseEntry> {
  const snapshot = database.snapshot()
  try {
    yield* eachWithStorageErrors(snapshot.iterator({ gt: keys.store.head() }), directory)
  } finally {
    await snapshot.close()
  }
}
