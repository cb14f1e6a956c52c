// Audits the Merkle tree of a core. If a node does not match its children, the audit of Hypercore 11.39 (lib/audit.js) removes
// the node and everything below it. Its parent then lacks a child, so the next audit removes the parent, and so on up to a
// root, without which the core cannot be used. This audit keeps the node and removes only what is below it.
import type { CoreStorage, TreeNode } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import flat from 'flat-tree'
import crypto from 'hypercore-crypto'

/** The result of an audit of a tree. */
export interface TreeAudit {
  /** The number of valid nodes. */
  readonly treeNodes: number
  /** The number of nodes with a missing or wrong child. Everything below such a node is dropped. */
  readonly droppedTreeNodes: number
  /** Whether a root is missing or wrong. Then the tree cannot be checked, and nothing is dropped. */
  readonly corrupt: boolean
}

/**
 * Checks every stored node of a core's tree against the signed tree hash, and drops what does not match. The core must not
 * be written meanwhile.
 *
 * @param options `dryRun`: change nothing
 */
export async function auditTree(
  records: CoreStorage,
  { dryRun }: { readonly dryRun: boolean },
): Promise<TreeAudit> {
  const head = await readHead(records)
  const roots = await readNodes(records, flat.fullRoots(2 * (head?.length ?? 0)))
  const nodes = roots.filter((root) => root !== null)
  const signed = head?.rootHash
  if (nodes.length < roots.length || (signed && !b4a.equals(crypto.tree(nodes), signed))) {
    return { treeNodes: 0, droppedTreeNodes: 0, corrupt: true }
  }

  const batch = records.write()
  let [treeNodes, droppedTreeNodes] = [nodes.length, 0]
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    const { index } = node
    if (index % 2 === 0) continue // a leaf
    const [left = null, right = null] = await readNodes(records, flat.children(index))
    if (left !== null && right !== null && isParent(node, left, right)) {
      treeNodes += 2
      nodes.push(left, right)
    } else if (left !== null || right !== null) {
      droppedTreeNodes++
      const [first, last] = flat.spans(index)
      batch.deleteTreeNodeRange(first, index)
      batch.deleteTreeNodeRange(index + 1, last + 1)
    }
  }
  if (droppedTreeNodes > 0 && !dryRun) await batch.flush()
  return { treeNodes, droppedTreeNodes, corrupt: false }
}

function isParent({ hash, size }: TreeNode, left: TreeNode, right: TreeNode): boolean {
  return size === left.size + right.size && b4a.equals(hash, crypto.parent(left, right))
}

async function readHead(records: CoreStorage) {
  const reads = records.read()
  const head = reads.getHead()
  reads.tryFlush()
  return head
}

async function readNodes(records: CoreStorage, indexes: readonly number[]): Promise<(TreeNode | null)[]> {
  const reads = records.read()
  const nodes = indexes.map((index) => reads.getTreeNode(index))
  reads.tryFlush()
  return Promise.all(nodes)
}
