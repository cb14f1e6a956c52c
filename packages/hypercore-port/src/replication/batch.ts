// The messages of a batch. It replaces `_onbatch` of Protomux 3.12 (index.js), and can be interrupted and continued.

import encodings from 'compact-encoding'

/** A message, and the channel that it is for. 0 is the muxer itself. */
export interface Message {
  readonly channel: number
  readonly state: State
}

/** A buffer, and the range of it that is still to be read. */
export interface State {
  buffer: Uint8Array
  start: number
  end: number
}

export class Batch {
  readonly #state: State
  #channel: number

  constructor(state: State) {
    this.#state = { ...state }
    this.#channel = encodings.uint.decode(this.#state)
  }

  get hasMore(): boolean {
    return this.#state.end > this.#state.start
  }

  /** The next message, which stays the next one until it is skipped. */
  peek(): Message | null {
    const state = this.#state
    while (state.end > state.start) {
      const { start } = state
      const length = encodings.uint.decode(state)
      if (length === 0) {
        this.#channel = encodings.uint.decode(state)
        continue
      }
      const end = Math.min(state.start + length, state.end)
      const message = { buffer: state.buffer, start: state.start, end }
      state.start = start
      return { channel: this.#channel, state: message }
    }
    return null
  }

  /** @param end where the next message ends */
  skipTo(end: number): void {
    this.#state.start = end
  }
}
