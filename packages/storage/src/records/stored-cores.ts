// What is stored, core by core, read from the records without opening a Hypercore.
import { isNoRecord, keys, schema } from '@coreyard/hypercore-port/storage'
import type { Alias, Bytes, CoreInfo, CorestoreStorage } from '@coreyard/hypercore-types'
import flat from 'flat-tree'

/** A stored core. */
export interface StoredCore {
  /** Under which name and namespace it is filed; `null` if it was not opened by name. */
  readonly alias: Alias | null
  /** 32 bytes. */
  readonly key: Bytes
  /** 32 bytes. */
  readonly discoveryKey: Bytes
  /** In blocks. */
  readonly length: number
  /** In bytes, as stored: what encryption adds is counted. */
  readonly byteLength: number
  /** Whether the secret key is stored, too. */
  readonly writable: boolean
  /** How many times it has been truncated. */
  readonly fork: number
  /** From the first block on, how many blocks in a row are stored. */
  readonly contiguousLength: number
  /** When its head was written: milliseconds since 1970; `null` if it has none. */
  readonly written: number | null
}

/** How many cores are read at once. */
const BATCH_SIZE = 128

/**
 * Everything stored, in the order of the discovery keys; or what is named in a namespace, in the order of the names.
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
  const stored = infos.filter((info) => info !== null) // others were deleted since they were listed
  const sizes = await byteLengths(storage, stored)
  return stored.flatMap((info, index) => toStoredCore(info, sizes[index] ?? 0) ?? [])
}

/** `null` for a core that is not stored, and for one whose records are damaged: it has no key to be listed with. */
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

/** The bytes below the roots of the Merkle trees of cores, in their order. All are read at once. */
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
      // A core may have its first blocks among the records of another one.
      if (sizes.length < ofCore.length && info !== undefined) {
        return byteLengthOfOpened(storage, info.discoveryKey, roots[position] ?? [])
      }
      return sizes.reduce((sum, size) => sum + size, 0)
    }),
  )
}

/** The same by way of hypercore-storage's object for the core: it takes ten times as long. */
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
