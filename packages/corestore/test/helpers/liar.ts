// A peer that has a whole core, and sends it with proofs that are wrong: a real store whose answers are changed on their way.

import type { Hypercore, Peer } from '@coreyard/hypercore-types'
import type { Corestore } from '../../src/index.js'
import { openStore } from './open-store.js'
import { connect, type Replicating } from './streams.js'

/** Bytes of a block that is far longer than the one that was asked for. */
const OVERSIZED = 4 * 2 ** 20

/** The answer to a request (hypercore, lib/messages.js). */
interface Answer {
  readonly request: number
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
  readonly index: number
  readonly hash: Uint8Array
}

/** What it sends instead of an answer; `null` for nothing. */
export type Lie = (answer: Answer) => Answer | null

export const LIES = {
  'another block value': (answer) => withBlock(answer, ({ value }) => ({ value: value && changed(value) })),
  'a block that is far too long': (answer) =>
    withBlock(answer, () => ({ value: Buffer.alloc(OVERSIZED, 1) })),
  'a block without bytes': (answer) => withBlock(answer, () => ({ value: new Uint8Array(0) })),
  'wrong hashes': (answer) => withBlock(answer, ({ nodes }) => ({ nodes: nodes.map(wrong) })),
  'too few hashes': (answer) => withBlock(answer, ({ nodes }) => ({ nodes: nodes.slice(1) })),
  'ten thousand hashes too many': (answer) =>
    withBlock(answer, ({ nodes }) => ({ nodes: [...nodes, ...many(nodes[0])] })),
  'the proof of another block': (answer) => withBlock(answer, ({ index }) => ({ index: index + 1 })),
  'no block': (answer) => ({ ...answer, block: null }),
  'nothing at all': (answer) => ({ ...answer, block: null, upgrade: null }),
  'a wrong signature': (answer) =>
    withUpgrade(answer, ({ signature }) => ({ signature: changed(signature) })),
  'a signature that is cut off': (answer) =>
    withUpgrade(answer, ({ signature }) => ({ signature: signature.subarray(0, 10) })),
  'a length that is not signed': (answer) => withUpgrade(answer, ({ length }) => ({ length: length + 1 })),
  'wrong roots': (answer) => withUpgrade(answer, ({ nodes }) => ({ nodes: nodes.map(wrong) })),
  'another fork': (answer) => ({ ...answer, fork: answer.fork + 1 }),
  'a fork far away': (answer) => ({ ...answer, fork: 2 ** 40 }),
} satisfies Record<string, Lie>

/** What of Hypercore's peer is replaced. */
interface LyingPeer {
  readonly wireData: { send(answer: Answer): unknown }
}

/** A store that lies about one core. */
export class Liar {
  readonly store: Corestore
  readonly core: Hypercore
  /** How many answers it has changed. */
  told = 0
  #lie: Lie = (answer) => answer

  private constructor(store: Corestore, core: Hypercore) {
    this.store = store
    this.core = core
  }

  /** Gets all blocks of a core from an honest store. It lies to whoever connects later. */
  static async learn(honest: Replicating, key: Uint8Array, length: number): Promise<Liar> {
    const store = openStore()
    const core = store.get({ key })
    const [near] = connect(store, honest)
    await core.download({ start: 0, end: length }).done()
    near.destroy()
    await gone(core)
    return new Liar(store, core)
  }

  /** Connects to its victim, and changes each answer to it. `lie` gives the answer itself for one that it leaves as it is. */
  lieTo(victim: Replicating, lie: Lie): void {
    this.#lie = lie
    this.core.on('peer-add', (peer) => this.#corrupt(peer))
    connect(this.store, victim)
  }

  #corrupt(peer: Peer): void {
    const { wireData } = peer as unknown as LyingPeer
    const send = wireData.send.bind(wireData)
    wireData.send = (answer) => {
      // It says the truth about conflicts, so that it is asked again.
      const told = answer.request === 0 ? answer : this.#lie(answer)
      if (told !== answer) this.told++
      return told === null ? false : send(told)
    }
  }
}

async function gone(core: Hypercore): Promise<void> {
  while (core.peers.length > 0) await new Promise((resolve) => core.once('peer-remove', resolve))
}

function withBlock(answer: Answer, change: (block: Block) => Partial<Block>): Answer {
  return answer.block === null ? answer : { ...answer, block: { ...answer.block, ...change(answer.block) } }
}

function withUpgrade(answer: Answer, change: (upgrade: Upgrade) => Partial<Upgrade>): Answer {
  return answer.upgrade === null
    ? answer
    : { ...answer, upgrade: { ...answer.upgrade, ...change(answer.upgrade) } }
}

function wrong(node: Node): Node {
  return { ...node, hash: changed(node.hash) }
}

function many(node: Node | undefined): Node[] {
  return node === undefined ? [] : Array.from({ length: 10_000 }, () => node)
}

/** The same bytes, except the first one. */
function changed(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[0] = (copy[0] ?? 0) ^ 1
  return copy
}
