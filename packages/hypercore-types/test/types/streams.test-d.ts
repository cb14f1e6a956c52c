// What the compiler must say about streams. Checked by `tsc -p test`; nothing here runs.

import type { Socket } from 'node:net'
import type { Duplex, Writable } from 'node:stream'
import NoiseSecretStream from '@hyperswarm/secret-stream'
import Hypercore from 'hypercore'
import Protomux from 'protomux'
import type { Duplex as StreamxDuplex } from 'streamx'
import { test } from 'vitest'
import type {
  CompactEncoding,
  DuplexStream,
  EncryptedStream,
  Protomux as Muxer,
  ReplicationStream,
  NoiseSecretStream as Stream,
  StreamSink,
} from '../../src/index.js'
import { expectType } from './expect-type.js'

declare const core: Hypercore
declare const socket: Socket
declare const connection: Stream
declare const muxer: Muxer
declare const text: CompactEncoding<string>

test('every duplex stream is taken, and every writable one to pipe into', () => {
  expectType<Socket>().fits<DuplexStream>()
  expectType<Duplex>().fits<DuplexStream>()
  expectType<StreamxDuplex>().fits<DuplexStream>()
  expectType<ReplicationStream>().fits<DuplexStream>()
  expectType<Writable>().fits<StreamSink>()
  expectType<StreamxDuplex>().fits<StreamSink>()
  expectType<ReplicationStream>().fits<EncryptedStream>()
  expectType<Stream>().fits<ReplicationStream>()
})

test('a replication stream and a socket can be piped into each other', () => {
  socket.pipe(core.replicate(true)).pipe(socket)
  core.createReadStream().pipe(socket)
  expectType(core.replicate(true)).fits<NodeJS.WritableStream>()
  expectType(core.replicate(true).pipe(socket as Writable)).is<Writable>()
})

test('replicate gives back the stream that it is given, and a new one for a boolean', () => {
  expectType(core.replicate(false)).is<ReplicationStream>()
  expectType(core.replicate(connection)).is<Stream>()
  expectType(core.replicate(muxer)).is<Muxer>()
  // @ts-expect-error -- a socket is not encrypted
  core.replicate(socket)
})

test('an encrypted stream has the type of its raw stream', () => {
  expectType(new NoiseSecretStream(true).rawStream).is<ReplicationStream>()
  expectType(new NoiseSecretStream(true, null, { keepAlive: 1000 }).rawStream).is<ReplicationStream>()
  expectType(new NoiseSecretStream(true, socket).rawStream).is<Socket>()
  // @ts-expect-error -- it must be known who begins
  new NoiseSecretStream()
})

test('a channel knows its handshake, its user data and its messages', () => {
  const channel = Protomux.from(connection).createChannel({
    protocol: 'test',
    handshake: text,
    userData: { count: 1 },
    messages: [{ encoding: text }, null],
    onopen: (handshake, opened) => {
      expectType(handshake).is<string>()
      expectType(opened.userData).is<{ count: number }>()
    },
  })
  channel?.open('hello')
  const message = channel?.addMessage({
    encoding: text,
    onmessage: (value) => expectType(value).is<string>(),
  })
  message?.send('text')
  // @ts-expect-error -- the encoding is of text
  message?.send(1)
})

test('isProtomux accepts values that are not a muxer', () => {
  const given: boolean | Stream | Muxer = muxer
  if (Protomux.isProtomux(given)) expectType(given).is<Muxer>()
  expectType(Hypercore.getProtocolMuxer(connection)).is<Muxer>()
})
