// The methods of a remote store take the options of the functions of the same name.

import { Corestore } from '@coreyard/corestore'
import { expect, onTestFinished, test } from 'vitest'
import { remoteStore, serveInspector } from '../src/socket.js'
import { connectThroughGate, hex, keyOf, newDirectory, openStore, write } from './stores.js'

test('a remote explain with a patience counts a request that takes longer as stalled', async () => {
  const directory = newDirectory()
  const [writer, reader] = [openStore(), new Corestore(directory, { engine: 'random-access' })]
  onTestFinished(() => reader.close())
  await serveInspector(reader)
  const core = await write(writer, 'chat', 2)
  const copy = reader.get({ key: keyOf(core) })
  const gate = connectThroughGate(writer, reader)
  await copy.get(0)
  gate.shut()
  copy.get(1).catch(() => {}) // rejects when the store closes
  const remote = remoteStore(directory)
  const key = hex(core.key)
  for (;;) {
    const { problem } = await remote.explain(key, null, { patience: 0 })
    if (problem?.code === 'STALLED') break
    await new Promise(setImmediate)
  }
  for (const patience of [2 ** 31, Number.POSITIVE_INFINITY]) {
    expect((await remote.explain(key, null, { patience })).problem).toBeNull()
  }
})

test.each([
  [{ patience: -1 }, 'patience must be milliseconds from 0, not -1'],
  [{ patience: Number.NaN }, 'patience must be milliseconds from 0, not NaN'],
  [{ patience: '1000' }, 'patience must be milliseconds from 0, not a string of 4 characters'],
  [{ pacience: 1000 }, "'pacience' is not an option"],
  [1000, 'options must be an object, not a number'],
  [null, 'options must be an object, not null'],
])('a remote explain rejects the options %j', async (options, message) => {
  const explaining = remoteStore(newDirectory()).explain('a'.repeat(64), null, options as never)
  await expect(explaining).rejects.toMatchObject({
    code: 'BAD_ARGUMENT',
    message: expect.stringContaining(message),
  })
})

test.each([
  [{ stored: 'yes' }, 'stored must be true or false'],
  [{ store: true }, "'store' is not an option"],
  [7, 'options must be an object, not a number'],
])('a remote inspect rejects the options %j', async (options, message) => {
  await expect(remoteStore(newDirectory()).inspect(options as never)).rejects.toMatchObject({
    code: 'BAD_ARGUMENT',
    message: expect.stringContaining(message),
  })
})

test.each([
  [
    { interval: Number.POSITIVE_INFINITY },
    'interval must be milliseconds from 10 to 2147483647, not Infinity',
  ],
  [{ intervall: 100 }, "'intervall' is not an option"],
  [{ signal: 7 }, 'signal must be an AbortSignal'],
  [7, 'options must be an object, not a number'],
])('a remote watch throws for the options %j', (options, message) => {
  const refused = expect.objectContaining({ code: 'BAD_ARGUMENT', message: expect.stringContaining(message) })
  expect(() => remoteStore(newDirectory()).watch(options as never)).toThrow(refused)
})
