// The link that is slower than the loopback interface.

import { Duplex, PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { joinSlowly } from '../src/link.js'

test('bytes arrive in order, and no sooner than the link permits', async () => {
  const [one, other] = [new End(), new End()]
  joinSlowly(one, other, { delay: 20, rate: 1_000_000 })
  const began = performance.now()
  for (let index = 0; index < 50; index++) one.incoming.write(Buffer.alloc(1000, index))
  one.incoming.end()
  const received: Buffer[] = []
  for await (const bytes of other.received) received.push(bytes as Buffer)
  const all = Buffer.concat(received)
  expect(performance.now() - began).toBeGreaterThanOrEqual(20 + 50 - 1) // a timer may be a millisecond early
  expect(all.byteLength).toBe(50_000)
  expect(Array.from({ length: 50 }, (_, index) => all[index * 1000])).toEqual(
    Array.from({ length: 50 }, (_, index) => index),
  )
})

test('an end that closes takes the other one with it', async () => {
  const [one, other] = [new End(), new End()]
  joinSlowly(one, other, { delay: 1, rate: 1000 })
  const closed = new Promise((resolve) => other.once('close', resolve))
  one.destroy()
  await closed
})

/** An end whose reads are what is written to `incoming`, and whose writes are in `received`. */
class End extends Duplex {
  readonly incoming = new PassThrough()
  readonly received = new PassThrough()

  constructor() {
    super()
    this.incoming.on('data', (bytes) => {
      if (!this.push(bytes)) this.incoming.pause()
    })
    this.incoming.on('end', () => this.push(null))
  }

  override _read(): void {
    this.incoming.resume()
  }

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.received.write(bytes)
    done()
  }

  override _final(done: () => void): void {
    this.received.end()
    done()
  }
}
