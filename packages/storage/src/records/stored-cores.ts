// Lists the stored cores from their records, without opening a Hypercore.
import { isNoRecord, keys, schema } from '@coreyard/hypercore-port/storage'
import type { Alias, Bytes, CoreInfo, CorestoreStorage } from '@coreyard/hypercore-types'
import flat from 'flat-tree'

/** A stored core. */
export interface StoredCore {
  /** The name and namespace of the core; `null` if it has no name. */
  readonly alias: Alias | null
  /** 32 bytes. */
  readonly key: Bytes
  /** 32 bytes. */
  readonly discoveryKey: Bytes
  /** In blocks. */
  readonly length: number
  /** In bytes, including what encryption adds. */
  readonly byteLength: number
  /** Whether its secret key is stored. */
  readonly writable: boolean
  /** How many times it has been truncated. */
  readonly fork: number
  /** How many blocks are stored without a gap, from the first one on. */
  readonly contiguousLength: number
  /** When its head was written, in milliseconds since 1970; `null` if it has no head. */
  readonly written: number | null
}

/** How many cores are read at once. */
const BATCH_SIZE = 128

/**
 * Lists all stored cores, in the order of their discovery keys. With `namespace`, it lists only the cores with a name in it, in the order
 * of the names. A core whose keys cannot be read is left out.
 *
 * @param namespace 32 bytes
 */
export async function* storedCores(
  storage: CorestoreStorage,
  namespace: Uint8Array | null = null,
): AsyncGenerator<StoredCore, void, undefined> {
  await storage.ready()
  const stream = namespace === null ? storage.createCoreStream() : storage.createAliasStream(namespace)
  let discoveryKeys: Uint8Array[] = []
  for await (const { discoveryKey } of stream) {
    if (discoveryKeys.push(discoveryKey) < BATCH_SIZE) continue
    yield* await readCores(storage, discoveryKeys)
    discoveryKeys = []
  }
  yield* await readCores(storage, discoveryKeys)
}

async function readCores(storage: CorestoreStorage, discoveryKeys: Uint8Array[]): Promise<StoredCore[]> {
  if (discoveryKeys.length === 0) return []
  const infos = await readInfos(storage, discoveryKeys)
  const stored = infos.filter((info) => info !== null) // the others have been deleted since, or are damaged
  const sizes = await byteLengths(storage, stored)
  return stored.flatMap((info, index) => toStoredCore(info, sizes[index] ?? 0) ?? [])
}

/** `null` for a core that is not stored, and for a core whose records are damaged: without its key it cannot be listed. */
async function readInfos(
  storage: CorestoreStorage,
  discoveryKeys: Uint8Array[],
): Promise<(CoreInfo | null)[]> {
  try {
    return await storage.getInfos(discoveryKeys)
  } catch (error) {
    if (!isNoRecord(error)) throw error
    if (discoveryKeys.length === 1) return [null]
    const infos = discoveryKeys.map((discoveryKey) => readInfos(storage, [discoveryKey]))
    return (await Promise.all(infos)).flat()
  }
}

function toStoredCore(info: CoreInfo, byteLength: number): StoredCore | null {
  const { discoveryKey, core, auth, head, hints } = info
  if (auth === null) return null
  return {
    alias: core.alias,
    key: auth.key,
    discoveryKey,
    length: head?.length ?? 0,
    byteLength,
    writable: Boolean(auth.keyPair?.secretKey),
    fork: head?.fork ?? 0,
    contiguousLength: hints?.contiguousLength ?? 0,
    written: head?.timestamp || null,
  }
}

/** Returns the bytes of the blocks of each core, from the roots of its Merkle tree. All roots are read at once. */
async function byteLengths(storage: CorestoreStorage, infos: readonly CoreInfo[]): Promise<number[]> {
  const roots = infos.map(({ head }) => flat.fullRoots(2 * (head?.length ?? 0)))
  if (roots.every((indexes) => indexes.length === 0)) return infos.map(() => 0)
  const reads = storage.db.read({ autoDestroy: true })
  const nodes = infos.map(({ core }, position) =>
    (roots[position] ?? []).map((index) => reads.get(keys.core.tree(core.dataPointer, index))),
  )
  reads.tryFlush()
  const found = await Promise.all(nodes.map((ofCore) => Promise.all(ofCore)))
  return Promise.all(
    found.map((ofCore, position) => {
      const sizes = ofCore.flatMap((node) =>
        node === null ? [] : schema.decode('@core/tree-node', node).size,
      )
      const info = infos[position]
      // The first blocks of a core may be among the records of another core.
      if (sizes.length < ofCore.length && info !== undefined) {
        return byteLengthOfOpened(storage, info.discoveryKey, roots[position] ?? [])
      }
      return sizes.reduce((sum, size) => sum + size, 0)
    }),
  )
}

/** Returns the same for one core with hypercore-storage's own object, which takes ten times as long. */
async function byteLengthOfOpened(
  storage: CorestoreStorage,
  discoveryKey: Uint8Array,
  roots: readonly number[],
): Promise<number> {
  const core = await storage.resumeCore(discoveryKey)
  if (core === null) return 0
  try {
    const reads = core.read()
    const nodes = roots.map((index) => reads.getTreeNode(index))
    reads.tryFlush()
    return (await Promise.all(nodes)).reduce((sum, root) => sum + (root?.size ?? 0), 0)
  } finally {
    await core.close()
  }
}
