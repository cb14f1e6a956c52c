// Cores that a mirror removes: from the records of blind-peer first, then from the store.

import type { Hypercore } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import type BlindPeer from 'blind-peer'
import type { AddCoresRequest } from 'blind-peer'
import crypto from 'hypercore-crypto'
import id from 'hypercore-id-encoding'
import { hex } from '../key.js'

/** How many are removed in one go. */
const MOST = 10_000

/** What is used of a store. */
export interface RemovedFrom {
  delete(core: { readonly key: Uint8Array }, options: { force: boolean; compact: boolean }): Promise<unknown>
}

export class Removal {
  readonly #peer: BlindPeer
  readonly #store: RemovedFrom
  /** The keys of those that are being removed. A record must not be deleted twice. */
  readonly #removing = new Set<string>()
  #isSweeping = false

  constructor(peer: BlindPeer, store: RemovedFrom) {
    this.#peer = peer
    this.#store = store
  }

  /** Removes a core that is open. Returns whether it was not being removed already. */
  remove(core: Hypercore): boolean {
    const { key, discoveryKey } = core
    if (key === null || discoveryKey === null) return false
    const record = this.#peer.activeReplication.get(hex(discoveryKey))?.record ?? null
    // blind-peer counts what has come in the same turn. It is about to go, and others must not be cleared for it.
    if (record !== null) {
      queueMicrotask(() => {
        record.bytesAllocated = 0
      })
    }
    if (!this.#begin(key)) return false
    if (record !== null) this.#peer.db.deleteCore(key)
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
      if (force || !(await this.#isWanted(key))) await this.#delete(key, force)
      this.#removing.delete(hex(key))
    }
    if (this.#peer.closing === null) await this.#peer.flush()
  }

  /** Whether a core has a record again, because it was asked for again. */
  async #isWanted(key: Uint8Array): Promise<boolean> {
    return this.#peer.db.getCoreRecord(key).then(
      (record) => record !== null,
      () => false, // the records are closed, and soon the store
    )
  }

  async #delete(key: Uint8Array, force: boolean): Promise<void> {
    try {
      await this.#store.delete({ key }, { force, compact: force })
    } catch {
      return // it has been opened since, and stays
    }
    // If it was asked for again meanwhile it has a record. What came by then is gone.
    if (this.#peer.closing !== null) return
    this.#peer.db.updateCore({ key, announce: false, length: 0, bytesAllocated: 0 }, id.encode(key))
  }
}
