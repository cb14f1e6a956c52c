// Copies a core, as it is at one moment, to new records under another key.
import type { CoreStorage, CorestoreStorage, Manifest } from '@coreyard/hypercore-types'
import b4a from 'b4a'

/** The identity of the copy. */
export interface CopiedCore {
  /** 32 bytes. */
  readonly key: Uint8Array
  /** 32 bytes. */
  readonly discoveryKey: Uint8Array
  readonly manifest: Manifest
  /** In blocks. */
  readonly length: number
  /** 32 bytes. */
  readonly rootHash: Uint8Array
}

/** How many bytes of blocks are written together. */
const BATCH_BYTES = 4 * 1024 * 1024
/** How many tree nodes are read and written together. */
const BATCH_NODES = 4096
/** The size of a page of Hypercore's bitfield, in bytes. */
const PAGE_BYTES = 4096
const PAGE_BITS = 8 * PAGE_BYTES

/**
 * Copies the blocks, the tree and the user data of `records` to a new core. The head is written last, so an interrupted copy is an empty
 * core: call the function again, which copies everything once more. Neither core may be written during the copy, unless `records` is a
 * snapshot. No session of the copy may be open.
 */
export async function copyCore(
  storage: CorestoreStorage,
  records: CoreStorage,
  { key, discoveryKey, manifest, length, rootHash }: CopiedCore,
): Promise<void> {
  const copy = await storage.createCore({ key, discoveryKey, manifest })
  try {
    await copyTree(records, copy, length)
    await copyBlocks(records, copy, length)
    const batch = copy.write()
    for await (const { key: name, value } of records.createUserDataStream()) batch.putUserData(name, value)
    // A core without a signer has no fork.
    batch.setHead({ fork: 0, length, rootHash, signature: null, timestamp: 0 })
    await batch.flush()
  } finally {
    await copy.close()
  }
}

/** Reads one node after the other, because some nodes of a named session are records of the core. */
async function copyTree(records: CoreStorage, copy: CoreStorage, length: number): Promise<void> {
  for (let start = 0; start < 2 * length - 1; start += BATCH_NODES) {
    const reads = records.read()
    const end = Math.min(2 * length - 1, start + BATCH_NODES)
    const reading = Array.from({ length: end - start }, (_, index) => reads.getTreeNode(start + index))
    reads.tryFlush()
    const batch = copy.write()
    for (const node of await Promise.all(reading)) if (node !== null) batch.putTreeNode(node)
    await batch.flush()
  }
}

async function copyBlocks(records: CoreStorage, copy: CoreStorage, length: number): Promise<void> {
  let batch = copy.write()
  let bytes = 0
  let bits = b4a.alloc(PAGE_BYTES)
  let page = 0
  for await (const { index, value } of records.createBlockStream({ gte: 0, lt: length })) {
    const pageOfBlock = Math.floor(index / PAGE_BITS)
    if (pageOfBlock !== page) {
      batch.putBitfieldPage(page, bits)
      bits = b4a.alloc(PAGE_BYTES)
      page = pageOfBlock
    }
    const bit = index % PAGE_BITS
    bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (1 << (bit & 7))
    batch.putBlock(index, value)
    bytes += value.byteLength
    if (bytes < BATCH_BYTES) continue
    await batch.flush()
    batch = copy.write()
    bytes = 0
  }
  batch.putBitfieldPage(page, bits)
  await batch.flush()
}
