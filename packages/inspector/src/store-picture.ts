// The picture of the store itself, and the space that it takes on its disk.

import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Corestore, StoreView } from '@coreyard/corestore'
import type { LimitPicture, Progress, StorePicture } from './picture.js'

export function storePicture(
  store: Corestore,
  view: StoreView,
  disk: StorePicture['disk'],
  progress: Progress,
): StorePicture {
  const { hits, misses } = store.storage.stats.treeCache
  const { passive } = view
  return {
    state: store.closing !== null ? 'closed' : (store.root ?? store).opened ? 'open' : 'opening',
    engine: view.engine,
    directory: view.directory,
    readOnly: view.readOnly,
    suspended: view.suspended,
    doubt: view.doubt,
    disk,
    stores: store.corestores.size,
    open: store.cores.size,
    limits: [
      limit('cores in use by peers', passive.inUse, passive.capacity),
      limit('idle cores', view.idle, view.cacheSize),
    ],
    treeCache: { hits, misses },
    waiting: passive.waiting,
    progress,
  }
}

/** Bytes of the files of a store, and what is free beside them. `null` for a store in no directory, or one that may not touch it now. */
export async function diskOf({ directory, suspended }: StoreView): Promise<StorePicture['disk']> {
  if (directory === null || suspended) return null
  const [used, free] = await Promise.all([bytesBelow(directory), bytesFree(directory)])
  return { used, free }
}

async function bytesBelow(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => [])
  const sizes = entries.map(async (entry) => {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) return bytesBelow(path)
    if (!entry.isFile()) return 0
    // RocksDB removes files at any time.
    const { size, blocks } = await stat(path).catch(() => ({ size: 0, blocks: 0 }))
    return blocks > 0 ? blocks * 512 : size
  })
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

async function bytesFree(directory: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(directory)
    return bavail * bsize
  } catch {
    return null // not there yet, or a file system that does not tell
  }
}

function limit(name: LimitPicture['name'], value: number, most: number): LimitPicture {
  return { name, value, limit: most === Infinity ? null : most }
}
