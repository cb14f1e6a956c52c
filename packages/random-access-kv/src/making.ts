// Making an empty store in an empty storage.

import { encodeMeta, type FoundMeta, META_SIZE, metaOffset, reservedPages } from './checkpoint/meta.js'
import { ExtentSizes } from './log/extents.js'
import { drawSalt, type Salt } from './log/salt.js'
import type { Options } from './options.js'
import type { Disk } from './storage/disk.js'

/** Makes an empty store. It exists once its meta page is safe. */
export async function makeStore(disk: Disk, options: Options): Promise<FoundMeta> {
  const { pageSize } = options
  const reserved = reservedPages(pageSize)
  const log = { page: reserved, count: new ExtentSizes(pageSize, options).next([]) }
  const meta: FoundMeta & { readonly salt: Salt } = {
    pageSize,
    generation: 1,
    root: 0,
    pageCount: reserved + log.count,
    freeList: { page: 0, count: 0 },
    freeListLength: 0,
    freeListChecksum: 0,
    log,
    logSeed: Math.floor(Math.random() * 0x1_0000_0000),
    sequence: 0,
    salt: drawSalt(),
    wrongSlot: null,
    isFlipped: false,
  }
  const offset = metaOffset(meta.generation)
  const start = new Uint8Array(offset + META_SIZE)
  start.set(encodeMeta(meta, start.subarray(offset)), offset)
  await disk.write(0, start)
  await disk.sync()
  return meta
}
