// Cores that a mirror removes: from the records of blind-peer first, then from the store.

import type { Hypercore } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import type BlindPeer from 'blind-peer'
import type { AddCoresRequest, CoreRecord } from 'blind-peer'
import crypto from 'hypercore-crypto'
import id from 'hypercore-id-encoding'
import { hex } from '../key.js'

/** How many are removed in one go. */
const MOST = 10_000

/** What is used of a store. */
export interface RemovedFrom {
  delete(core: { readonly key: Uint8Array }, options: { force: boolean; compact: boolean }): Promise<unknown>
}

/** A core that is being removed. */
interface Going {
  readonly key: Uint8Array
  /** Whether it goes even if it was asked for again. */
  force: boolean
}

export class Removal {
  readonly #peer: BlindPeer
  readonly #store: RemovedFrom
  /** By key in hex. */
  readonly #going = new Map<string, Going>()
  #isSweeping = false

  constructor(peer: BlindPeer, store: RemovedFrom) {
    this.#peer = peer
    this.#store = store
  }

  /** Removes a core that is open. Returns whether it was not being removed already. */
  remove(core: Hypercore): boolean {
    const { key, discoveryKey } = core
    if (key === null || discoveryKey === null || this.#peer.closing !== null) return false
    const record = this.#openRecord(key)
    // blind-peer counts what has come in the same turn. It is about to go, and others must not be cleared for it.
    if (record !== null) {
      queueMicrotask(() => {
        record.bytesAllocated = 0
      })
    }
    const before = this.#going.get(hex(key))
    if (before?.force) return false
    if (before !== undefined) {
      before.force = true
      return true
    }
    const going = this.#begin(key, true)
    this.#forget(key)
      .then(() => this.#end([going]))
      .catch(() => {}) // the records cannot be read or written, as when the mirror ends
      .finally(() => this.#settle(going))
    return true
  }

  /** Removes cores that peers have asked for and of which nothing has come, except those that are open and those of `requests`. */
  removeEmpty(requests: Iterable<AddCoresRequest>): void {
    if (this.#isSweeping) return
    this.#isSweeping = true
    this.#sweep(requests)
      .catch(() => {}) // the records cannot be read or written, as when the mirror ends
      .finally(() => {
        this.#isSweeping = false
      })
  }

  async #sweep(requests: Iterable<AddCoresRequest>): Promise<void> {
    const all: Going[] = []
    const isKept = (key: Uint8Array) => {
      if (this.#isOpen(key) || this.#going.has(hex(key))) return true
      for (const { cores } of requests) if (cores.some((core) => b4a.equals(core.key, key))) return true
      return false
    }
    try {
      for await (const found of this.#peer.db.createGcCandidateReadStream()) {
        const { key } = found
        if (!isEmpty(found) || isKept(key)) continue
        // What was found is as old as the sweep. Nothing may come between this look and the deletion.
        if (!isEmpty(await this.#peer.db.getCoreRecord(key)) || isKept(key)) continue
        all.push(this.#begin(key, false))
        this.#peer.db.deleteCore(key)
        if (all.length === MOST) break
      }
    } finally {
      await this.#end(all).finally(() => {
        for (const going of all) this.#settle(going)
      })
    }
  }

  #begin(key: Uint8Array, force: boolean): Going {
    const going = { key, force }
    this.#going.set(hex(key), going)
    return going
  }

  /** From now on its core may be removed again. It may be settled more than once. */
  #settle(going: Going): void {
    if (this.#going.get(hex(going.key)) === going) this.#going.delete(hex(going.key))
  }

  #isOpen(key: Uint8Array): boolean {
    return this.#peer.activeReplication.has(hex(crypto.discoveryKey(key)))
  }

  /** The record of a core that is open, as blind-peer goes on to write it. */
  #openRecord(key: Uint8Array): CoreRecord | null {
    return this.#peer.activeReplication.get(hex(crypto.discoveryKey(key)))?.record ?? null
  }

  /** Deletes the record of a core, if it has one: blind-peer cannot delete one that is not there. */
  async #forget(key: Uint8Array): Promise<void> {
    if ((await this.#peer.db.getCoreRecord(key)) !== null) this.#peer.db.deleteCore(key)
  }

  /** Deletes cores from the store whose records are being deleted. */
  async #end(all: readonly Going[]): Promise<void> {
    await this.#peer.flush()
    for (const going of all) {
      // Of one that was asked for again, and has a record again, something may have come.
      const isWanted = !going.force && (await this.#peer.db.getCoreRecord(going.key)) !== null
      if (!isWanted || going.force) await this.#delete(going)
      this.#settle(going)
    }
    if (this.#peer.closing === null) await this.#peer.flush()
  }

  async #delete(going: Going): Promise<void> {
    const { key } = going
    let isDeleted = await this.#tryDelete(key, going.force)
    // It may have been found too large meanwhile.
    if (!isDeleted && going.force) isDeleted = await this.#tryDelete(key, true)
    if (this.#peer.closing !== null) return
    if (isDeleted) {
      // If it was asked for again meanwhile it has a record. What came by then is gone.
      this.#peer.db.updateCore({ key, announce: false, length: 0, bytesAllocated: 0 }, id.encode(key))
    } else if (!going.force) {
      const record = this.#openRecord(key)
      this.#peer.db.addCore({ key, priority: 0, announce: false, referrer: null })
      if (record !== null) this.#peer.db.updateCore(record, id.encode(key))
    }
  }

  /** Deletes a core from the store, unless it is open and that is not forced. Returns whether it is gone. */
  #tryDelete(key: Uint8Array, force: boolean): Promise<boolean> {
    return this.#store.delete({ key }, { force, compact: force }).then(
      () => true,
      () => false,
    )
  }
}

/** Whether a core has a record, is not announced, and nothing of it has come. */
function isEmpty(record: CoreRecord | null): boolean {
  return record !== null && record.length === 0 && !record.announce
}
