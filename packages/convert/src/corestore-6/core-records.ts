// The records of a core in Hypercore 11, in the order of their keys, made from the files of a Hypercore 10. Each block is checked against
// the Merkle tree.
import { keys, schema } from '@coreyard/hypercore-port/storage'
import type { CoreAuth, CoreHead, DatabaseEntry } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import crypto from 'hypercore-crypto'
import { CachedFile } from './cached-file.js'
import { bitfieldPages, contiguousLength, presentBlocks } from './core-bitfield.js'
import type { CoreState } from './core-state.js'
import { CoreTree } from './core-tree.js'
import { damaged } from './damage.js'
import type { OpenFile } from './source-file.js'

/** The identity of the core. */
export function authValue({ key, discoveryKey, manifest, keyPair }: CoreState): Uint8Array {
  const auth: CoreAuth = { key, discoveryKey, manifest, keyPair, encryptionKey: null }
  return schema.encode('@core/auth', auth)
}

/**
 * What the core holds.
 *
 * @param folder of the core, in Corestore 6's layout
 * @param userData what else is stored with it, without its name
 * @throws `STORAGE_CORRUPT` where something in the files is missing or does not fit
 */
export async function* dataRecords(
  pointer: number,
  state: CoreState,
  { open, folder, userData }: { open: OpenFile; folder: string; userData: ReadonlyMap<string, Uint8Array> },
): AsyncGenerator<DatabaseEntry> {
  const files: CachedFile[] = []
  const openCached = async (name: string) => {
    const file = new CachedFile(await open(`${folder}/${name}`))
    files.push(file)
    return file
  }
  try {
    const [bitfield, data] = [await openCached('bitfield'), await openCached('data')]
    const tree = new CoreTree(await openCached('tree'), state)
    yield* headRecords(pointer, state, tree, bitfield)
    for await (const { index, block } of blocks(state, { tree, bitfield, data })) {
      yield { key: keys.core.block(pointer, index), value: block }
    }
    for await (const node of tree.nodes()) {
      yield { key: keys.core.tree(pointer, node.index), value: schema.encode('@core/tree-node', node) }
    }
    for await (const { index, page } of bitfieldPages(bitfield, state)) {
      yield { key: keys.core.bitfield(pointer, index, 0), value: page }
    }
    yield* userDataRecords(pointer, userData)
  } finally {
    for (const file of files) await file.close()
  }
}

async function* headRecords(
  pointer: number,
  state: CoreState,
  tree: CoreTree,
  bitfield: CachedFile,
): AsyncGenerator<DatabaseEntry> {
  const { fork, length, signature } = state
  if (length === 0 && fork === 0) return
  const head: CoreHead = { fork, length, rootHash: crypto.tree(await tree.roots()), signature, timestamp: 0 }
  yield { key: keys.core.head(pointer), value: schema.encode('@core/head', head) }
  const contiguous = await contiguousLength(bitfield, state)
  if (contiguous === 0) return
  const hints = { contiguousLength: contiguous, remoteContiguousLength: 0, recovering: 0 }
  yield { key: keys.core.hints(pointer), value: schema.encode('@core/hints', hints) }
}

async function* blocks(
  state: CoreState,
  { tree, bitfield, data }: { tree: CoreTree; bitfield: CachedFile; data: CachedFile },
): AsyncGenerator<{ readonly index: number; readonly block: Uint8Array }> {
  let [next, offset] = [0, 0]
  for await (const index of presentBlocks(bitfield, state)) {
    const leaf = await tree.expect(2 * index)
    if (index !== next) offset = await tree.byteOffset(index)
    const isHere = offset + leaf.size <= data.size
    const block = isHere && leaf.size > 0 ? await data.read(offset, leaf.size) : new Uint8Array(0)
    if (!isHere || !b4a.equals(crypto.data(block), leaf.hash)) {
      await tree.expectSoundLeaf(leaf.index)
      const what = isHere ? 'does not match the Merkle tree' : 'ends after the file'
      throw damaged(data.name, offset, `block ${index}, of ${leaf.size} bytes, ${what}`)
    }
    yield { index, block }
    ;[next, offset] = [index + 1, offset + leaf.size]
  }
}

function* userDataRecords(
  pointer: number,
  userData: ReadonlyMap<string, Uint8Array>,
): Generator<DatabaseEntry> {
  const records = [...userData].map(([name, value]) => ({ key: keys.core.userData(pointer, name), value }))
  yield* records.sort((a, b) => b4a.compare(a.key, b.key))
}
