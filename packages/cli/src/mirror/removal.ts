// Cores that a mirror removes: from the records of blind-peer first, then from the store.

import type { Corestore } from '@coreyard/corestore'
import type { Hypercore } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import type BlindPeer from 'blind-peer'
import type { AddCoresRequest } from 'blind-peer'
import crypto from 'hypercore-crypto'
import id from 'hypercore-id-encoding'
import { hex } from '../key.js'

/** How many are removed in one go. */
const MOST = 10_000

export class Removal {
  readonly #peer: BlindPeer
  readonly #store: Corestore
  /** The keys of those that are being removed. A record must not be deleted twice. */
  readonly #removing = new Set<string>()
  #isSweeping = false

  constructor(peer: BlindPeer, store: Corestore) {
    this.#peer = peer
    this.#store = store
  }

  /** Removes a core that is open. Returns whether it was not being removed already. */
  remove(core: Hypercore): boolean {
    const { key, discoveryKey } = core
    if (key === null || discoveryKey === null || !this.#begin(key)) return false
    if (this.#peer.activeReplication.get(hex(discoveryKey))?.record) this.#peer.db.deleteCore(key)
    this.#end([key], true).catch(() => {}) // the store closes
    return true
  }

  /** Removes cores that peers have asked for and of which nothing has come, except those that are open and those of `requests`. */
  removeEmpty(requests: Iterable<AddCoresRequest>): void {
    if (this.#isSweeping) return
    this.#isSweeping = true
    this.#sweep(requests)
      .catch(() => {}) // the store closes
      .finally(() => {
        this.#isSweeping = false
      })
  }

  async #sweep(requests: Iterable<AddCoresRequest>): Promise<void> {
    const keys: Uint8Array[] = []
    const isAsked = (key: Uint8Array) => {
      for (const { cores } of requests) if (cores.some((core) => b4a.equals(core.key, key))) return true
      return false
    }
    for await (const { key, length, announce } of this.#peer.db.createGcCandidateReadStream()) {
      if (length > 0 || announce || this.#isOpen(key) || isAsked(key) || !this.#begin(key)) continue
      keys.push(key)
      this.#peer.db.deleteCore(key)
      if (keys.length === MOST) break
    }
    await this.#end(keys, false)
  }

  #isOpen(key: Uint8Array): boolean {
    return this.#peer.activeReplication.has(hex(crypto.discoveryKey(key)))
  }

  #begin(key: Uint8Array): boolean {
    if (this.#removing.has(hex(key))) return false
    this.#removing.add(hex(key))
    return true
  }

  async #end(keys: readonly Uint8Array[], force: boolean): Promise<void> {
    await this.#peer.flush()
    for (const key of keys) {
      // One that has been opened since stays in the store. It has a record again when it is asked for again.
      await this.#store.delete({ key }, { force, compact: force }).catch(() => {})
      this.#removing.delete(hex(key))
      await this.#countNothing(key)
    }
  }

  /** A peer that asked for a core again while it was removed gave it a record. The bytes that came by then are gone with the core. */
  async #countNothing(key: Uint8Array): Promise<void> {
    const record = await this.#peer.db.getCoreRecord(key)
    // That of an open core is kept by blind-peer.
    if (record === null || record.bytesAllocated === 0 || this.#isOpen(key)) return
    this.#peer.db.updateCore({ ...record, length: 0, bytesAllocated: 0 }, id.encode(key))
    await this.#peer.flush()
  }
}
