// `coreyard share`: what counts as whole at a peer, and what is told before anything is announced.

import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { coreyard, newDirectory, storeWith } from './command.js'
import { keyOf, newNetwork } from './mirrors.js'

test('an empty core is not counted as whole at a peer, and is not waited for', async () => {
  const network = await newNetwork()
  const directory = await storeWith(async (store) => {
    await store.get({ name: 'chat' }).append('hello')
    await store.get({ name: 'empty' }).ready()
  })
  const key = await keyOf(directory, 'chat')
  const alone = await interrupted(['share', directory, '--json', ...network])
  expect(JSON.parse(alone.out)).toMatchObject({ cores: 2, empty: 1, synced: 0 })
  const sharing = coreyard(['share', directory, '--until-synced', '--json', ...network])
  await coreyard(['clone', key, join(newDirectory(), 'copy'), ...network])
  expect(JSON.parse((await sharing).out)).toMatchObject({ cores: 2, empty: 1, synced: 1 })
})

test('share --until-synced refuses cores without blocks', async () => {
  const directory = await storeWith((store) => store.get({ name: 'empty' }).ready())
  const { exitCode, err } = await coreyard([
    'share',
    directory,
    '--until-synced',
    '--bootstrap',
    '127.0.0.1:1',
  ])
  expect([exitCode, err]).toEqual([2, expect.stringContaining('the cores have none')])
})

test('a core that is named twice is shared once', async () => {
  const directory = await storeWith((store) => store.get({ name: 'chat' }).append('hello'))
  const { out } = await interrupted(['share', directory, 'chat', 'chat', '--json', ...(await newNetwork())])
  expect(JSON.parse(out)).toMatchObject({ cores: 1 })
})

test.each([
  ['share', '--window'],
  ['share', '--metrics'],
  ['mirror', '--window'],
  ['mirror', '--metrics'],
  ['clone', '--window'],
])('%s %s on a port in use fails before it joins the network', async (command, option) => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.close()
  })
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : expect.fail('It listens')
  const directory = await storeWith((store) => store.get({ name: 'chat' }).append('hello'))
  const args = {
    share: [directory],
    mirror: [join(newDirectory(), 'mirror')],
    clone: ['ab'.repeat(32), join(newDirectory(), 'copy')],
  }[command]
  const result = await coreyard([command, ...(args ?? []), option, String(port), ...(await newNetwork())])
  expect([result.exitCode, result.err]).toEqual([70, expect.stringMatching(/^error: .*EADDRINUSE.*\n$/)])
})

/** Runs `share` until it says that it shares, as Ctrl-C ends it. */
async function interrupted(args: readonly string[]) {
  const abort = new AbortController()
  const onErr = (text: string) => {
    if (text.startsWith('sharing')) abort.abort()
  }
  return coreyard(args, { signal: abort.signal, onErr })
}
