// The picture of the store itself, and its disk space.

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

/** Bytes of the files of a store, and bytes free on its disk; `null` for a store without a directory, or while it is suspended. */
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
    return null // the directory does not exist yet, or the file system does not support it
  }
}

function limit(name: LimitPicture['name'], value: number, most: number): LimitPicture {
  return { name, value, limit: most === Infinity ? null : most }
}
