// Openings of channels that have no answer yet.

import type { NoiseSecretStream } from '@coreyard/hypercore-types'
import Protomux from 'protomux'
import { expect, test } from 'vitest'
import { MuxerGate } from '../../src/replication/muxer-gate.js'
import { connection, until } from '../live.js'

const PROTOCOL = 'greetings'

test('a channel opens again while its first opening has no answer', async () => {
  const [near, far] = connection()
  const muxer = Protomux.from(near)
  MuxerGate.of(muxer)
  const answers: (() => void)[] = []
  muxer.pair({ protocol: PROTOCOL }, async () => {
    if (answers.length === 0) await new Promise<void>((resolve) => answers.push(resolve))
  })
  const first = open(far)
  await until(() => answers.length === 1)
  const taken = open(near)
  await first.fullyOpened()
  first.close()
  await taken.fullyClosed()

  Protomux.from(far).pair({ protocol: PROTOCOL }, () => void open(far))
  const again = open(near)
  answers[0]?.()
  expect(await again.fullyOpened()).toBe(true)
  expect(far.destroying).toBe(false)
})

test('an opening that the peer withdraws before the answer is not taken up', async () => {
  const [near, far] = connection()
  const muxer = Protomux.from(near)
  MuxerGate.of(muxer)
  const answers: (() => void)[] = []
  muxer.pair({ protocol: PROTOCOL }, () => new Promise<void>((resolve) => answers.push(resolve)))
  const withdrawn = open(far)
  await until(() => answers.length === 1)
  withdrawn.close()
  await far.flush()
  await heard(near, far)

  const received: string[] = []
  Protomux.from(far).pair({ protocol: PROTOCOL }, () => void open(far, (text) => received.push(text)))
  const offered = open(near)
  answers[0]?.()
  expect(await offered.fullyOpened()).toBe(true)
  offered.messages[0]?.send(Buffer.from('hello'))
  await until(() => received.length > 0)
  expect(received).toEqual(['hello'])
})

test('a core that the peer withdraws and asks for again is answered', async () => {
  const [near, far] = connection()
  const muxer = Protomux.from(near)
  MuxerGate.of(muxer)
  const answers: (() => void)[] = []
  muxer.pair({ protocol: PROTOCOL }, () => new Promise<void>((resolve) => answers.push(resolve)))
  const withdrawn = open(far)
  await until(() => answers.length === 1)
  withdrawn.close()
  const wanted = open(far)
  await until(() => answers.length === 2)
  const channel = open(near)
  for (const answer of answers) answer()
  expect(await wanted.fullyOpened()).toBe(true)
  expect(await channel.fullyOpened()).toBe(true)
})

/** Waits until `near` has read what `far` has sent so far. */
async function heard(near: NoiseSecretStream, far: NoiseSecretStream): Promise<void> {
  const mark = Protomux.from(far).createChannel({ protocol: 'mark' })
  mark?.open()
  Protomux.from(near).pair({ protocol: 'mark' }, () => {})
  await mark?.fullyClosed()
}

function open(stream: NoiseSecretStream, ontext: (text: string) => void = () => {}) {
  const channel = Protomux.from(stream).createChannel({
    protocol: PROTOCOL,
    messages: [{ onmessage: (bytes) => ontext(Buffer.from(bytes as Uint8Array).toString()) }],
  })
  if (channel === null) throw new Error('The stream is destroyed, or the channel is open')
  channel.open()
  return channel
}
