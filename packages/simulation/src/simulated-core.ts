// A core of the run: who writes it, its keys, and what it must be.

import { Keychain } from '@coreyard/keychain'
import Hypercore from 'hypercore'
import crypto from 'hypercore-crypto'
import { CoreModel } from './core-model.js'
import type { CoreOptions } from './options.js'

export class SimulatedCore {
  readonly owner: number
  readonly namespace: string | null
  readonly name: string
  /** As the log calls it: `A/space/a`. */
  readonly label: string
  /** 32 bytes. */
  readonly key: Uint8Array
  /** 32 bytes. */
  readonly discoveryKey: Uint8Array
  readonly model = new CoreModel()
  /** Settles when the last one that wanted to write it has done so. */
  #lastWrite: Promise<unknown> = Promise.resolve()

  /**
   * @param ownerName as the log calls the machine
   * @param generation how many cores of that name were deleted before
   */
  constructor(options: CoreOptions, ownerName: string, primaryKey: Uint8Array, generation: number) {
    this.owner = options.owner
    this.namespace = options.namespace
    this.name = options.name + "'".repeat(generation)
    this.label = [ownerName, this.namespace, this.name].filter((part) => part !== null).join('/')
    const keychain = Keychain.from(primaryKey)
    const { publicKey } = (this.namespace === null ? keychain : keychain.namespace(this.namespace)).keyPair(
      this.name,
    )
    this.key = Hypercore.key({ version: 1, signers: [{ publicKey }] })
    this.discoveryKey = crypto.discoveryKey(this.key)
  }

  /** One writes at a time, as an app's writer does. */
  write<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#lastWrite.then(work, work)
    this.#lastWrite = done.catch(() => {})
    return done
  }
}
