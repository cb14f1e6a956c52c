// The streams that `replicate` is given: they are used in whichever place they stand, and contradictions are refused.

import { Duplex } from 'node:stream'
import type SecretStream from '@hyperswarm/secret-stream'
import Protomux from 'protomux'
import { describe, expect, test } from 'vitest'
import { openReplicationStream } from '../src/index.js'
import { connection } from '../src/test/streams.js'

type Arguments = Parameters<typeof openReplicationStream>

test.each<[string, (stream: SecretStream, muxer: Protomux) => Arguments]>([
  ['(isInitiator, stream)', (stream) => [true, stream]],
  ['(isInitiator, { stream })', (stream) => [true, { stream }]],
  ['(isInitiator, muxer)', (_, muxer) => [true, muxer]],
  ['(isInitiator, { stream: muxer })', (_, muxer) => [true, { stream: muxer }]],
  ['(stream, stream), twice the same', (stream) => [stream, stream]],
  ['(stream, { stream }), twice the same', (stream, muxer) => [stream, { stream: muxer }]],
  ['({ stream }, { stream }), twice the same', (stream, muxer) => [{ stream: muxer }, { stream }]],
  ['(stream, { keepAlive })', (stream) => [stream, { keepAlive: 7 }]],
  ['(stream, {})', (stream) => [stream, {}]],
])('replicate%s uses the stream that is given', (_, argumentsOf) => {
  const [stream] = connection()
  const opened = openReplicationStream(...argumentsOf(stream, Protomux.from(stream)))
  expect(opened).toMatchObject({ stream, noiseStream: stream, made: false })
})

describe('is refused', () => {
  test.each<[string, (stream: SecretStream, other: SecretStream) => Arguments, string]>([
    ['(stream, another)', (stream, other) => [stream, other], 'Two different streams'],
    [
      '(stream, { stream: another })',
      (stream, other) => [stream, { stream: other }],
      'Two different streams',
    ],
    [
      '({ stream }, muxer of another)',
      (stream, other) => [{ stream }, Protomux.from(other)],
      'Two different',
    ],
    ['(isInitiator, a raw stream)', () => [true, new Duplex() as never], 'For a raw stream'],
    [
      '(isInitiator, { stream: a raw stream })',
      () => [true, { stream: new Duplex() as never }],
      'For a raw stream',
    ],
    [
      '(isInitiator, { stream: null })',
      () => [true, { stream: null as never }],
      'Cannot replicate over null',
    ],
    ['(undefined)', () => [undefined as never], 'Cannot replicate over'],
  ])('replicate%s', (_, argumentsOf, message) => {
    const [[stream], [other]] = [connection(), connection()]
    expect(() => openReplicationStream(...argumentsOf(stream, other))).toThrow(
      expect.objectContaining({ code: 'BAD_ARGUMENT', message: expect.stringContaining(message) }),
    )
    expect([stream.destroying, other.destroying]).toEqual([false, false])
  })
})
