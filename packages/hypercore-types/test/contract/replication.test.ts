import NoiseSecretStream from '@hyperswarm/secret-stream'
import b4a from 'b4a'
import Hypercore from 'hypercore'
import Protomux from 'protomux'
import { expect, onTestFinished, test } from 'vitest'
import type {
  Channel,
  Message,
  Protomux as Muxer,
  NoiseSecretStreamConstructor,
  ProtomuxConstructor,
  ReplicationStream,
  NoiseSecretStream as Stream,
} from '../../src/index.js'
import { emitterMembers } from './emitter-members.js'
import { type Members, missingMembers } from './members.js'

const duplexMembers: Members<ReplicationStream> = {
  ...emitterMembers,
  readable: 'boolean',
  writable: 'boolean',
  destroyed: 'boolean',
  destroying: 'boolean',
  write: 'method',
  end: 'method',
  read: 'method',
  pause: 'method',
  resume: 'method',
  pipe: 'method',
  destroy: 'method',
  [Symbol.asyncIterator]: 'method',
  noiseStream: 'object',
}

const noiseMembers: Members<Stream> = {
  ...duplexMembers,
  isInitiator: 'boolean',
  publicKey: 'bytes',
  remotePublicKey: 'bytes',
  handshakeHash: 'bytes',
  connected: 'boolean',
  opened: 'object',
  rawStream: 'object',
  userData: 'any',
  keepAlive: 'number',
  timeout: 'number',
  rawBytesWritten: 'number',
  rawBytesRead: 'number',
  setKeepAlive: 'method',
  sendKeepAlive: 'method',
  setTimeout: 'method',
  flush: 'method',
  alloc: 'method',
}

const noiseStatics: Members<NoiseSecretStreamConstructor> = { keyPair: 'method' }

const muxerMembers: Members<Muxer> = {
  isProtomux: 'boolean',
  stream: 'object',
  corked: 'number',
  drained: 'boolean',
  pair: 'method',
  unpair: 'method',
  opened: 'method',
  createChannel: 'method',
  getLastChannel: 'method',
  isIdle: 'method',
  cork: 'method',
  uncork: 'method',
  destroy: 'method',
  [Symbol.iterator]: 'method',
}

const muxerStatics: Members<ProtomuxConstructor> = { from: 'method', isProtomux: 'method' }

const channelMembers: Members<Channel> = {
  protocol: 'string',
  aliases: 'object',
  id: 'bytes',
  handshake: 'any',
  messages: 'object',
  userData: 'any',
  opened: 'boolean',
  closed: 'boolean',
  destroyed: 'boolean',
  drained: 'boolean',
  open: 'method',
  fullyOpened: 'method',
  fullyClosed: 'method',
  addMessage: 'method',
  cork: 'method',
  uncork: 'method',
  close: 'method',
}

const messageMembers: Members<Message<Uint8Array>> = {
  type: 'number',
  encoding: 'object',
  onmessage: 'method',
  send: 'method',
}

/** Two encrypted streams that lead to each other, until the test ends. */
function streamPair() {
  const a = new NoiseSecretStream(true)
  const b = new NoiseSecretStream(false)
  a.rawStream.pipe(b.rawStream).pipe(a.rawStream)
  onTestFinished(() => {
    a.destroy()
    b.destroy()
  })
  return [a, b] as const
}

test('an encrypted stream has the members that its type declares', async () => {
  const [a] = streamPair()
  expect(await a.opened).toBe(true)

  expect(missingMembers(a, noiseMembers)).toEqual([])
  expect(missingMembers(a.rawStream, duplexMembers)).toEqual([])
  expect(missingMembers(NoiseSecretStream, noiseStatics)).toEqual([])
  expect(a.handshakeHash?.byteLength).toBe(64)
})

test('the stream that Hypercore makes leads to its encrypted stream, and to a muxer', () => {
  const stream = Hypercore.createProtocolStream(true)
  onTestFinished(() => stream.destroy())

  expect(missingMembers(stream, duplexMembers)).toEqual([])
  expect(stream).not.toBe(stream.noiseStream)
  expect(Hypercore.getProtocolMuxer(stream)).toBe(Protomux.from(stream.noiseStream))
})

test('a muxer, its channels and their messages have the members that their types declare', () => {
  const [a] = streamPair()
  const muxer = Protomux.from(a)
  const channel = muxer.createChannel({ protocol: 'test', id: b4a.from('id') })
  const message = channel?.addMessage({ onmessage: () => {} })

  expect(missingMembers(muxer, muxerMembers)).toEqual([])
  expect(missingMembers(Protomux, muxerStatics)).toEqual([])
  expect(channel && missingMembers(channel, channelMembers)).toEqual([])
  expect(message && missingMembers(message, messageMembers)).toEqual([])
})

test('pair listens for an id, or without one for every id without its own listener', async () => {
  const [a, b] = streamPair()
  const asked: string[] = []
  const listener = (name: string) => (id: Uint8Array | null) => {
    asked.push(`${name}: ${id && b4a.toString(id)}`)
  }
  const muxer = Protomux.from(b)
  muxer.pair({ protocol: 'test' }, listener('any'))
  muxer.pair({ protocol: 'test', id: b4a.from('known') }, listener('one'))

  for (const id of ['known', 'other']) {
    const channel = Protomux.from(a).createChannel({ protocol: 'test', id: b4a.from(id) })
    channel?.open()
    await channel?.fullyClosed()
  }
  expect(asked).toEqual(['one: known', 'any: other'])
})
