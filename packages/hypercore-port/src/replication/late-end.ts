// The end of a stream whose last messages are not read yet. streamx emits `end` also while the stream is paused, and Protomux 3.12 then ends
// the stream (`_onend`): the messages that a gate has not passed on would be lost.

import type { NoiseSecretStream } from '@coreyard/hypercore-types'

/** Ends a stream for Protomux, once everything is read. */
export class LateEnd {
  readonly #stream: NoiseSecretStream
  #isDue = false

  /** @param hasMore whether messages are still to be read */
  constructor(stream: NoiseSecretStream, hasMore: () => boolean) {
    this.#stream = stream
    // Protomux listens between these two.
    stream.prependListener('end', () => {
      this.#isDue = hasMore()
      if (this.#isDue) Object.assign(stream, { end: () => stream })
    })
    stream.on('end', () => {
      if (this.#isDue) Reflect.deleteProperty(stream, 'end')
    })
  }

  /** Call it when everything is read. */
  read(): void {
    if (this.#isDue) this.#stream.end()
  }
}
