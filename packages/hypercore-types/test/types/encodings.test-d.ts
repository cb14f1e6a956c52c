// What the compiler must say about encodings and values. Checked by `tsc -p test`; nothing here runs.

import Hypercore from 'hypercore'
import { test } from 'vitest'
import type {
  AbstractEncoding,
  Codec,
  CompactEncoding,
  HypercoreOptions,
  Hypercore as Session,
  ValueEncoding,
  ValueOf,
} from '../../src/index.js'
import { expectType } from './expect-type.js'

interface Message {
  text: string
}

declare const compact: CompactEncoding<Message>
declare const abstract: AbstractEncoding<Message>
declare const codec: Codec<Message>

test('an encoding tells the type of its values', () => {
  expectType<ValueOf<'binary'>>().is<Uint8Array>()
  expectType<ValueOf<undefined>>().is<Uint8Array>()
  expectType<ValueOf<null>>().is<Uint8Array>()
  expectType<ValueOf<'utf-8'>>().is<string>()
  expectType<ValueOf<'hex'>>().is<string>()
  expectType<ValueOf<'json'>>().is<unknown>()
  expectType<ValueOf<'utf-8' | 'binary'>>().is<string | Uint8Array>()
  expectType<ValueOf<typeof compact>>().is<Message>()
  expectType<ValueOf<typeof abstract>>().is<Message>()
  expectType<ValueOf<typeof codec>>().is<Message>()
  expectType<ValueOf<ValueEncoding>>().is<unknown>()
})

test('an encoding is a known name or a codec', () => {
  expectType(compact).fits<ValueEncoding>()
  expectType(abstract).fits<ValueEncoding>()
  expectType(codec).fits<ValueEncoding>()
  expectType<'utf8'>().fits<ValueEncoding>()
  expectType<'utf-16'>().fitsNot<ValueEncoding>()
  expectType<{ encode(value: string): Uint8Array }>().fitsNot<ValueEncoding>()
})

test('a core has values of its encoding', () => {
  expectType(new Hypercore('./dir')).is<Session>()
  expectType(new Hypercore('./dir', { writable: false })).is<Session>()
  expectType(new Hypercore('./dir', null, { valueEncoding: 'utf-8' })).is<Session<string>>()
  expectType(new Hypercore({ storage: './dir', valueEncoding: codec })).is<Session<Message>>()
  expectType(new Hypercore('./dir', new Uint8Array(32))).is<Session>()
  expectType(new Hypercore('./dir', null, {})).is<Session>()
  expectType(new Hypercore('./dir', { valueEncoding: 'json' })).is<Session<unknown>>()
  expectType(new Hypercore<Message>('./dir', { valueEncoding: 'json' })).is<Session<Message>>()
  expectType(new Hypercore<string>('./dir', { valueEncoding: 'utf-8' })).is<Session<string>>()
  expectType(new Hypercore<Message>('./dir', null, { valueEncoding: codec })).is<Session<Message>>()
  expectType(new Hypercore<Uint8Array>('./dir')).is<Session>()
  // @ts-expect-error -- text is no message
  new Hypercore<Message>('./dir', { valueEncoding: 'utf-8' })
  // @ts-expect-error -- nor are bytes
  new Hypercore<Message>('./dir', {})
  // @ts-expect-error -- nor is what another codec gives
  new Hypercore<Date>('./dir', { valueEncoding: codec })
})

test('options of which the encoding is not known give a core of unknown values', () => {
  const options: HypercoreOptions = {}
  expectType(new Hypercore('./dir', options)).is<Session<unknown>>()
})

test('get gives a value, and null only where it does not wait', () => {
  const core = new Hypercore<Message>('./dir', { valueEncoding: 'json' })

  expectType(core.get(0)).is<Promise<Message>>()
  expectType(core.get(0, {})).is<Promise<Message>>()
  expectType(core.get(0, { wait: true, timeout: 10 })).is<Promise<Message>>()
  expectType(core.get(0, { wait: false })).is<Promise<Message | null>>()
  expectType(core.get(0, { wait: Math.random() < 0.5 })).is<Promise<Message | null>>()
  expectType(core.get(0, { valueEncoding: 'utf-8' })).is<Promise<string>>()
  expectType(core.get(0, { valueEncoding: 'utf-8', wait: false })).is<Promise<string | null>>()
  expectType(core.get(0, { raw: true })).is<Promise<Uint8Array>>()
  expectType(core.get<string>(0, { valueEncoding: 'json' })).is<Promise<string>>()
  expectType(core.get<string>(0, { valueEncoding: 'json', wait: false })).is<Promise<string | null>>()
  // @ts-expect-error -- text is no message
  core.get<Message>(0, { valueEncoding: 'utf-8' })
  expectType(core.get(0, { raw: true, wait: false })).is<Promise<Uint8Array | null>>()
  // @ts-expect-error -- there is no such option
  core.get(0, { waitt: false })
})

test('append accepts the values that get returns, and text if values are bytes', () => {
  const bytes = new Hypercore('./dir')
  const messages = new Hypercore<Message>('./dir', { valueEncoding: 'json' })

  bytes.append(new Uint8Array(1))
  bytes.append('text')
  bytes.append([new Uint8Array(1), 'text'])
  messages.append({ text: '' })
  messages.append([{ text: '' }])
  // @ts-expect-error -- text is no message
  messages.append('text')
  // @ts-expect-error -- a number is not bytes
  bytes.append(1)
})

test('the values of a session have its own encoding, or are bytes without one', () => {
  const core = new Hypercore('./dir', { valueEncoding: 'utf-8' })

  expectType(core.session()).is<Session>()
  expectType(core.session({ writable: false })).is<Session>()
  expectType(core.session({ valueEncoding: 'utf-8' })).is<Session<string>>()
  expectType(core.snapshot({ valueEncoding: 'utf-8' })).is<Session<string>>()
  expectType(core.session<Message>({ valueEncoding: 'json' })).is<Session<Message>>()
  expectType(core.session<string>({ valueEncoding: 'utf-8' })).is<Session<string>>()
  expectType(core.snapshot<Uint8Array>({})).is<Session>()
  expectType(core.createReadStream()).fits<AsyncIterable<string>>()
  expectType(core.createByteStream()).fits<AsyncIterable<Uint8Array>>()
  core.createWriteStream().write('text')
})

test('a core of any values can be passed where values do not matter', () => {
  expectType<Session<Message>>().fits<Session<unknown>>()
  expectType<Session>().fits<Session<unknown>>()
  expectType<Session<unknown>>().fitsNot<Session>()
  expectType<Session<Message>>().fitsNot<Session>()
})
