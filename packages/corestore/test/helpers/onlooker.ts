// A peer that has no core: it only looks at what a store announces.

import type { NoiseSecretStream } from '@coreyard/hypercore-types'
import Protomux from 'protomux'
import { hex } from './bytes.js'
import { connection } from './streams.js'

/** Whatever replicates over a connection. */
interface Replicating {
  replicate(stream: NoiseSecretStream): unknown
}

/** Connects to a store and writes down what it announces. */
export class Onlooker {
  /** Discovery keys in hex, in order. */
  readonly announced: string[] = []
  /** The onlooker's end of the connection. */
  readonly stream: NoiseSecretStream
  #wake = () => {}

  constructor(store: Replicating) {
    const [near, far] = connection()
    this.stream = far
    Protomux.from(far).pair({ protocol: 'hypercore/alpha' }, (id) => {
      this.announced.push(hex(id))
      this.#wake()
    })
    store.replicate(near)
  }

  /** Waits until that core is announced. */
  async sees(discoveryKey: Uint8Array): Promise<void> {
    while (!this.announced.includes(hex(discoveryKey))) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
