// The honest peers of a soak: one asks for cores, and one writes a core that the store follows. What they meet is noted.

import { connect as connectTo } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { Hypercore } from '@coreyard/hypercore-types'
import { connectStore, openStore } from '../bare-peer.js'
import { expectResult } from '../bench-error.js'
import type { Store } from '../contestants/contestant.js'
import { joinSlowly } from '../link.js'
import { keyOf } from '../tasks/material.js'
import { contentOf } from './content.js'

/** From one ask to the next, in milliseconds. */
const ASK_EACH = 250
/** How many asks one connection is for. */
const ASKS = 50
/** An ask that takes longer has failed, in milliseconds. */
const ASK_LIMIT = 30_000
/** From one block to the next, in milliseconds. */
const WRITE_EACH = 250
/** The link of the one who writes. */
const LINK = { delay: 50, rate: 12_500_000 }

/** Asks for cores, one after the other. */
export class Reader {
  /** Milliseconds of each ask. */
  asked: number[] = []
  failed: string[] = []
  readonly #port: number
  readonly #keys: readonly string[]
  readonly #random: () => number

  constructor(port: number, keys: readonly string[], random: () => number) {
    this.#port = port
    this.#keys = keys
    this.#random = random
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const store = await openStore()
      const { socket, stream } = connectStore(store, this.#port)
      const first = Math.floor(this.#random() * this.#keys.length)
      for (let count = 0; count < Math.min(ASKS, this.#keys.length) && !signal.aborted; count++) {
        await this.#ask(store, stream, this.#keys[(first + count) % this.#keys.length] ?? '')
        await wait(ASK_EACH)
      }
      socket.destroy()
      await store.close()
    }
  }

  async #ask(store: Store, stream: ReturnType<Store['replicate']>, key: string): Promise<void> {
    const began = performance.now()
    try {
      const core = await store.byKey(Buffer.from(key, 'hex'))
      core.replicate(stream)
      const block = await core.get(0, { timeout: ASK_LIMIT })
      this.asked.push(performance.now() - began)
      expectResult(
        contentOf(0).equals(block ?? Buffer.alloc(0)),
        true,
        'whether the block is what was written',
      )
    } catch (error) {
      this.failed.push(String(error))
    }
  }
}

/** Writes a core, and replicates it with the store over a connection that lasts. It is far away: who lies may be there first. */
export class Writer {
  readonly store: Store
  readonly core: Hypercore

  private constructor(store: Store, core: Hypercore) {
    this.store = store
    this.core = core
  }

  static async open(): Promise<Writer> {
    const store = await openStore()
    return new Writer(store, await store.named('written'))
  }

  get key(): string {
    return Buffer.from(keyOf(this.core)).toString('hex')
  }

  async run(port: number, signal: AbortSignal): Promise<void> {
    const socket = connectTo(port, '127.0.0.1')
    const stream = this.store.replicate(true)
    for (const end of [socket, stream, stream.noiseStream]) end.on('error', () => {})
    joinSlowly(socket, stream as unknown as Duplex, LINK)
    while (!signal.aborted) {
      await this.core.append(contentOf(this.core.length))
      await wait(WRITE_EACH)
    }
    socket.destroy()
  }
}
