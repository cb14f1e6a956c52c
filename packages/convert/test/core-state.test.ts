import { expect, it } from 'vitest'
import { key } from '../../storage/test/directories.js'
import { CoreState } from '../src/corestore-6/core-state.js'

// Corestore 6 writes its files right after a truncation, so that this needs two crashes, and blocks of a peer between them.
it('a core that was truncated and upgraded since its files were written has no tree nodes of before the truncation', () => {
  const node = (index: number) => ({ index, size: 1, hash: key(index) })
  const upgrade = { fork: 1, ancestors: 3, length: 3, signature: null }
  const none = { userData: null, treeNodes: null, treeUpgrade: null, bitfield: null }
  const state = new CoreState({
    header: {
      external: null,
      key: key(1),
      manifest: null,
      keyPair: null,
      userData: [],
      tree: { fork: 0, length: 5, rootHash: key(2), signature: null },
    },
    entries: [
      { ...none, treeNodes: [node(4), node(5), node(6), node(8)] },
      { ...none, treeUpgrade: upgrade },
      { ...none, treeNodes: [node(3)], treeUpgrade: { ...upgrade, length: 8 } },
    ],
  })
  expect([state.length, state.fork, state.fileLength, state.rootHash]).toEqual([8, 1, 3, null])
  expect([...state.nodes.keys()]).toEqual([4, 3])
})
