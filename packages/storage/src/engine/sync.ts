// Makes writes survive a power cut, on each engine. The operating system has a write that is acknowledged; the disk has it only after a
// sync.
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CorestoreStorage } from '@coreyard/hypercore-types'
import type { RandomAccessStorage } from '@coreyard/random-access-kv'
import { RandomAccessDatabase } from '../database/random-access-database.js'
import { hasCode, isMissing } from '../errors/error-codes.js'
import { call } from '../random-access/storage-calls.js'

/** Makes every write before the call survive a power cut. */
export type Sync = () => Promise<void>

/**
 * Returns the sync of a storage. Calls during a sync share the next one.
 *
 * @param file the file of a storage that is only read: the process that wrote it may have ended before it synced
 */
export function syncOf(storage: CorestoreStorage, file: RandomAccessStorage | null = null): Sync {
  const { rocks } = storage
  if (file !== null) return shared(() => call((done) => (file.sync ? file.sync(done) : done(null))))
  if (rocks instanceof RandomAccessDatabase) return shared(() => rocks.flush())
  const logs = new RocksLogs(rocks.path)
  return shared(() => logs.sync())
}

/** Runs one `sync` at a time. Each call waits for a sync that began after the call. */
function shared(sync: Sync): Sync {
  let running: Promise<void> | null = null
  let next: Promise<void> | null = null
  const begin = () => {
    next = null
    running = sync().finally(() => {
      running = null
    })
    return running
  }
  return () => {
    if (running === null) return begin()
    next ??= running.then(begin, begin)
    return next
  }
}

/** RocksDB's write-ahead logs, by number: `000012.log` (its file/filename.h). */
const LOG = /^(\d+)\.log$/

/**
 * The write-ahead logs of a RocksDB. rocksdb-native 3.18 writes them without a sync and has no option for one; its `flush` writes
 * the whole table in memory, which takes tens of milliseconds. A sync of the file by another descriptor does the same for less.
 * RocksDB syncs all other files itself, before it removes the log of what they hold.
 */
class RocksLogs {
  readonly #directory: string
  /** The number of the newest log whose directory entry is on the disk. */
  #entered = -1

  constructor(directory: string) {
    this.#directory = directory
  }

  async sync(): Promise<void> {
    const names = await readdir(this.#directory)
    const logs = names.flatMap((name) => LOG.exec(name)?.[1] ?? []).sort((a, b) => Number(a) - Number(b))
    // In their order: RocksDB replays no log after one that is torn.
    for (const number of logs) await syncFile(join(this.#directory, `${number}.log`))
    const newest = Number(logs.at(-1) ?? -1)
    if (newest <= this.#entered) return
    await syncFile(this.#directory)
    this.#entered = newest
  }
}

async function syncFile(path: string): Promise<void> {
  try {
    const file = await open(path, 'r')
    try {
      await file.datasync()
    } finally {
      await file.close()
    }
  } catch (error) {
    // RocksDB removes a log whose entries are in synced tables. Windows opens no directory, and syncs none.
    if (!isMissing(error) && !hasCode(error, 'EPERM') && !hasCode(error, 'EISDIR')) throw error
  }
}
