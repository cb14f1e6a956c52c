// A peer that has a core, and sends it with proofs that are wrong.

import { setTimeout as wait } from 'node:timers/promises'
import type { Hypercore } from '@coreyard/hypercore-types'
import { connectStore, openStore } from '../bare-peer.js'
import type { Store } from '../contestants/contestant.js'

/** Milliseconds in which it gets the core from the one who writes it, and in which it lies. */
const DURATION = { learning: 300, lying: 3000 }
/** Bytes of a block that is far longer than the one that was asked for. */
const OVERSIZED = 2 ** 20

/** The answer to a request (hypercore, lib/messages.js). */
interface Data {
  readonly fork: number
  readonly block: Block | null
  readonly upgrade: Upgrade | null
}

interface Block {
  readonly index: number
  readonly value: Uint8Array | null
  readonly nodes: readonly Node[]
}

interface Upgrade {
  readonly length: number
  readonly signature: Uint8Array
  readonly nodes: readonly Node[]
}

interface Node {
  readonly hash: Uint8Array
}

/** What of Hypercore's peer is replaced. */
interface LyingPeer {
  readonly wireData: { send(data: Data): unknown }
}

type Lie = (data: Data) => Data

const LIES: readonly Lie[] = [
  (data) => withBlock(data, ({ value }) => ({ value: value && changed(value) })),
  (data) => withBlock(data, ({ nodes }) => ({ nodes: nodes.map(wrongNode) })),
  (data) => withBlock(data, ({ index }) => ({ index: index + 1 })),
  (data) => withBlock(data, ({ nodes }) => ({ nodes: nodes.slice(1) })),
  (data) => withBlock(data, () => ({ value: Buffer.alloc(OVERSIZED, 1) })),
  (data) => withUpgrade(data, ({ signature }) => ({ signature: changed(signature) })),
  (data) => withUpgrade(data, ({ length }) => ({ length: length + 1 })),
  (data) => withUpgrade(data, ({ nodes }) => ({ nodes: nodes.map(wrongNode) })),
  (data) => ({ ...data, fork: data.fork + 1 }),
]

/** Gets a core from the store that writes it, and then lies about it to the store that listens on the port. */
export async function lie(port: number, key: string, writer: Store, random: () => number): Promise<void> {
  const store = await openStore()
  const core = await store.byKey(Buffer.from(key, 'hex'))
  const [near, far] = [store.replicate(true), writer.replicate(false)]
  for (const end of [near, far]) end.on('error', () => {})
  near.pipe(far).pipe(near)
  core.download({ start: 0, end: -1 })
  await wait(DURATION.learning)
  const { socket } = connectLiar(store, core, port, random)
  await wait(DURATION.lying)
  socket.destroy()
  near.destroy()
  far.destroy()
  await store.close()
}

function connectLiar(store: Store, core: Hypercore, port: number, random: () => number) {
  const learnedFrom = new Set(core.peers)
  core.on('peer-add', (peer) => {
    if (learnedFrom.has(peer)) return
    const { wireData } = peer as unknown as LyingPeer
    const send = wireData.send.bind(wireData)
    wireData.send = (data) => {
      const lies = LIES[Math.floor(random() * LIES.length)]
      return send(lies?.(data) ?? data)
    }
  })
  return connectStore(store, port)
}

function withBlock(data: Data, change: (block: Block) => Partial<Block>): Data {
  return data.block === null ? data : { ...data, block: { ...data.block, ...change(data.block) } }
}

function withUpgrade(data: Data, change: (upgrade: Upgrade) => Partial<Upgrade>): Data {
  return data.upgrade === null ? data : { ...data, upgrade: { ...data.upgrade, ...change(data.upgrade) } }
}

function wrongNode(node: Node): Node {
  return { ...node, hash: changed(node.hash) }
}

/** The same bytes, except the first one. */
function changed(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[0] = (copy[0] ?? 0) ^ 1
  return copy
}
