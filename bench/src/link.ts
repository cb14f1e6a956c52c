// A link between two ends that is slower than the loopback interface: bytes arrive late, and no faster than a rate. Nothing is lost.

import { type Duplex, Transform } from 'node:stream'

export interface LinkOptions {
  /** How long each byte travels, one way, in milliseconds. */
  readonly delay: number
  /** How many bytes each direction carries in a second. */
  readonly rate: number
}

/** How much a sender may have ready for the link, in milliseconds of its rate. More than that, it has to wait. */
const READY = 20

/** Pipes two streams into each other over a link. They end together. */
export function joinSlowly(one: Duplex, other: Duplex, options: LinkOptions): void {
  const [there, back] = [direction(options), direction(options)]
  for (const part of [there, back]) part.on('error', () => {}) // an end is gone
  one.pipe(there).pipe(other)
  other.pipe(back).pipe(one)
  for (const [end, peer] of [
    [one, other],
    [other, one],
  ] as const) {
    end.once('close', () => {
      peer.destroy()
      there.destroy()
      back.destroy()
    })
  }
}

/** One direction of a link. */
function direction({ delay, rate }: LinkOptions): Transform {
  const travelling: { readonly bytes: Uint8Array; readonly arrival: number }[] = []
  /** When the last byte that was taken has left. */
  let free = 0
  let timer: ReturnType<typeof setTimeout> | null = null
  let ended: (() => void) | null = null

  const schedule = (): void => {
    const [next] = travelling
    if (timer !== null || next === undefined) return
    timer = setTimeout(arrive, Math.max(0, next.arrival - performance.now()))
  }
  const arrive = (): void => {
    timer = null
    const now = performance.now()
    while ((travelling[0]?.arrival ?? Number.POSITIVE_INFINITY) <= now) stream.push(travelling.shift()?.bytes)
    if (travelling.length === 0) ended?.()
    else schedule()
  }
  const stream = new Transform({
    transform(bytes: Uint8Array, _encoding, taken) {
      const now = performance.now()
      free = Math.max(free, now) + (bytes.byteLength / rate) * 1000
      travelling.push({ bytes, arrival: free + delay })
      schedule()
      const ready = free - now
      if (ready <= READY) taken()
      else setTimeout(taken, ready - READY)
    },
    flush(done) {
      if (travelling.length === 0) done()
      else ended = done
    },
    destroy(error, done) {
      if (timer !== null) clearTimeout(timer)
      done(error)
    },
  })
  return stream
}
