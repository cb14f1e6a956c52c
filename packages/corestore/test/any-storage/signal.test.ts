// The option `signal`: the call that has it waits no longer once it is aborted.

import { AssertionError } from 'node:assert'
import { describe, expect, test } from 'vitest'
import { type Corestore, corestore, memoryStorage } from '../../src/index.js'
import { bytes32 } from '../helpers/bytes.js'
import { until } from '../helpers/events.js'
import { openStore } from '../helpers/open-store.js'

const NO_SIGNALS: readonly (readonly [string, unknown])[] = [
  ['true', true],
  ['a string', 'abort'],
  ['an object', {}],
  ['a function', () => {}],
  ['an object that forgets no listener', { aborted: false, addEventListener: () => {} }],
]

describe.each(NO_SIGNALS)('%s is no signal', (_, signal) => {
  test.each<[string, (store: Corestore, options: never) => unknown]>([
    ['ready', (store, options) => store.ready(options)],
    ['get', (store, options) => store.get(Object.assign({ name: 'a' }, options))],
    ['suspend', (store, options) => store.suspend(options)],
  ])('to %s, which says what one is', async (_call, call) => {
    const store = openStore()
    await expect(async () => call(store, { signal } as never)).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining('signal must be an AbortSignal, not '),
    })
    expect(store.cores.size).toBe(0)
  })
})

test('an AbortController is no signal, and the message says to give its signal', async () => {
  const store = openStore()
  await expect(store.ready({ signal: new AbortController() as never })).rejects.toThrow('give its signal')
})

test('a signal that is undefined, or null, is none', async () => {
  const store = openStore()
  await store.ready({ signal: undefined })
  await store.ready({ signal: null })
  await store.get({ name: 'a', signal: null }).ready()
})

test('ready rejects with the reason of a signal that is aborted already, and the store opens all the same', async () => {
  const store = openStore()
  const reason = new Error('enough')
  await expect(store.ready({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  await store.ready()
  expect(store.opened).toBe(true)
})

test('get with an aborted signal opens nothing, calls no preload, and its session is closed', async () => {
  const store = openStore()
  await store.ready()
  const reason = new Error('enough')
  let isCalled = false
  const preload = () => {
    isCalled = true
    return { name: 'b' }
  }
  for (const options of [{ name: 'a' }, { key: bytes32(1) }, { preload }]) {
    const core = store.get({ ...options, signal: AbortSignal.abort(reason) })
    await expect(core.ready()).rejects.toBe(reason)
    expect(core.closed).toBe(true)
    await core.close()
  }
  expect([store.cores.size, isCalled]).toEqual([0, false])
})

test('get with an aborted signal leaves no rejection of its preload unhandled', async () => {
  const store = openStore()
  const reason = new Error('enough')
  const preload = Promise.reject(new Error('not loaded'))
  const core = store.get({ preload, signal: AbortSignal.abort(reason) })
  await expect(core.ready()).rejects.toBe(reason)
  await new Promise((resolve) => setImmediate(resolve)) // vitest reports what is unhandled by then
})

test('get rejects while its preload has not settled, and gives back the core that it names later', async () => {
  const store = corestore(memoryStorage(), { idleTimeout: 0 })
  const controller = new AbortController()
  let settle: (options: { name: string }) => void = () => {}
  const preload = new Promise<{ name: string }>((resolve) => {
    settle = resolve
  })
  const core = store.get({ preload, signal: controller.signal })
  const reason = new Error('enough')
  controller.abort(reason)
  await expect(core.ready()).rejects.toBe(reason)

  const held = store.get({ name: 'a' })
  await held.ready()
  settle({ name: 'a' })
  await held.close()
  await until(() => store.cores.size === 0)
  await store.close()
})

test('get with a signal that is never aborted gives the core, and keeps no listener', async () => {
  const store = openStore()
  let listeners = 0
  const signal = {
    aborted: false,
    addEventListener: () => void listeners++,
    removeEventListener: () => void listeners--,
  }
  const core = store.get({ name: 'a', signal })
  await core.append('block')
  await store.ready({ signal })
  await store.suspend({ signal })
  await store.resume()
  await until(() => listeners === 0)
  expect(core.length).toBe(1)
})

test('one signal ends many waits, and those that follow', async () => {
  const store = openStore()
  const controller = new AbortController()
  const { signal } = controller
  const reason = new Error('enough')
  await store.get({ name: 'before', signal }).append('block')
  const preload = new Promise<never>(() => {})
  const waits = [1, 2, 3].map(() => store.get({ preload, signal }).ready())
  controller.abort(reason)
  waits.push(store.get({ preload, signal }).ready())
  for (const wait of waits) await expect(wait).rejects.toBe(reason)
})

test('an abort after the core has opened leaves the session open', async () => {
  const store = openStore()
  const controller = new AbortController()
  const core = store.get({ name: 'a', signal: controller.signal })
  await core.ready()
  controller.abort()
  await core.append('block')
  expect(core.closed).toBe(false)
})

test.each([
  new TypeError('enough'),
  new AssertionError({ message: 'enough' }),
  Object.assign(new Error('enough'), { code: 'ERR_ASSERTION' }),
  Object.assign(new Error('enough'), { name: 'AssertionError' }),
])(
  'a reason that Hypercore would rethrow as uncaught is the cause of an error with a code: %s',
  async (reason) => {
    const store = openStore()
    const core = store.get({ name: 'a', signal: AbortSignal.abort(reason) })
    await expect(core.ready()).rejects.toMatchObject({ code: 'SESSION_CLOSED', cause: reason })
  },
)

test('suspend with an aborted signal does not suspend', async () => {
  const store = openStore()
  const reason = new Error('enough')
  await expect(store.suspend({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  await store.get({ name: 'a' }).append('block')
})

test('suspend that is aborted before its turn does not suspend', async () => {
  const store = openStore()
  const controller = new AbortController()
  const suspended = store.suspend({ signal: controller.signal })
  controller.abort(new Error('enough'))
  await expect(suspended).rejects.toThrow('enough')
  await store.get({ name: 'a' }).append('block')
})

test('a signal is refused as a default of a session, and feed is not told of one', async () => {
  const store = openStore()
  const told: object[] = []
  store.on('feed', (_, options) => told.push(options))
  expect(() => store.session({ signal: AbortSignal.abort() } as never)).toThrow('signal is an option of get')
  await store.get({ name: 'a', signal: new AbortController().signal }).ready()
  await until(() => told.length === 1)
  expect(told[0]).not.toHaveProperty('signal')
})
