// Somebody with a store, and an identity that peers can check: a key pair of the store's own.

import { join } from 'node:path'
import Corestore, { type StoreOptions } from '@coreyard/corestore'
import type { KeyPair } from '@coreyard/hypercore-types'

export class Person {
  readonly name: string
  readonly store: Corestore
  readonly #keyPair: KeyPair

  private constructor(name: string, store: Corestore, keyPair: KeyPair) {
    this.name = name
    this.store = store
    this.#keyPair = keyPair
  }

  /** Opens the store of somebody, whose primary key is made of the name: whose identity is the same on every run. */
  static async open(directory: string, name: string, options?: StoreOptions): Promise<Person> {
    const primaryKey = Buffer.alloc(32, name)
    const store = new Corestore(join(directory, name), { ...options, primaryKey })
    return new Person(name, store, await store.createKeyPair('identity'))
  }

  /** 32 bytes: who this is to peers. */
  get publicKey(): Uint8Array {
    return this.#keyPair.publicKey
  }

  /** Connects to somebody else, as a swarm would do it over the network. */
  connect(other: Person): void {
    const here = this.store.replicate(true, { keyPair: this.#keyPair })
    const there = other.store.replicate(false, { keyPair: other.#keyPair })
    here.pipe(there).pipe(here)
  }
}
