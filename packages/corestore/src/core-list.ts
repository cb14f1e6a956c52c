// `store.list()`: two documented meanings in one object.

import type { Hypercore } from '@coreyard/hypercore-types'

/**
 * The open cores, by discovery key in hex, as of the call. `for await` over it instead streams the discovery keys
 * (32 bytes each) of all stored cores, open or not.
 *
 * The cores are sessions that do not keep them open: take one with `store.get` to go on using it.
 */
export class CoreList extends Map<string, Hypercore<unknown>> implements AsyncIterable<Uint8Array> {
  readonly #stored: () => AsyncIterable<Uint8Array>

  constructor(
    open: Iterable<readonly [string, Hypercore<unknown>]>,
    stored: () => AsyncIterable<Uint8Array>,
  ) {
    super(open)
    this.#stored = stored
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return this.#stored()[Symbol.asyncIterator]()
  }

  static override get [Symbol.species](): MapConstructor {
    return Map
  }
}
