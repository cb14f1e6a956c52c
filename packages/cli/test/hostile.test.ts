// Peers that ask a mirror for more than it takes on, or claim to have more than there is.

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Corestore } from '@coreyard/corestore'
import { expect, onTestFinished, test } from 'vitest'
import { withSwarm } from '../src/network.js'
import { readAddress } from '../src/network-options.js'
import { coreyard, filled, json, newDirectory, storeWith } from './command.js'
import { hasCores, keyOf, newNetwork, type RunningMirror, runMirror } from './mirrors.js'
import { openLink } from './rude-client.js'

test('a peer that asks for thousands of cores in one message is disconnected, and none of them is kept', async () => {
  const network = await newNetwork()
  const mirror = await runMirror(['--json', ...network])
  const link = await openLink(network, mirror.key)
  link.muxer.addCores(request(5000))
  await link.closed
  expect(await kept(mirror)).toBe(0)
  expect(mirror.messages()).toContain('refused: peers have too many cores open here')
})

test('a peer that asks for thousands of cores in as many messages is disconnected, and few of them are kept', async () => {
  const network = await newNetwork()
  const mirror = await runMirror(['--json', ...network])
  const link = await openLink(network, mirror.key)
  for (let index = 0; index < 3000; index++) link.muxer.addCores(request(1))
  await link.closed
  expect(await kept(mirror)).toBeLessThanOrEqual(512)
})

test('a client of the older kind has no more cores open than another one', async () => {
  const network = await newNetwork()
  const mirror = await runMirror(network)
  const link = await openLink(network, mirror.key)
  const answers = await Promise.allSettled(request(1000).cores.map(({ key }) => link.addCore(key)))
  await link.closed
  expect(answers.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(512)
  expect(mirror.messages()).toContain('refused: peers have too many cores open here')
})

test('peers of one address that hold all the cores they may keep out others of that address, and no trusted peer', async () => {
  const network = await newNetwork()
  let trusted = ''
  const directory = await storeWith(async (store) => {
    const { publicKey } = await store.createKeyPair('@coreyard/place')
    trusted = Buffer.from(publicKey).toString('hex')
    await store.get({ name: 'core' }).append('block')
  })
  const mirror = await runMirror(['--trusted-peers', trusted, '--metrics', '0', ...network])
  for (const held of [512, 1024, 1536, 2048]) {
    const link = await openLink(network, mirror.key)
    link.muxer.addCores(request(512))
    await hasCores(mirror, held)
  }
  const last = await openLink(network, mirror.key)
  last.muxer.addCores(request(1))
  await last.closed
  const place = (from: string) =>
    coreyard(['place', from, '--mirrors', mirror.key, '--copies', '1', ...network])
  expect((await place(await filled())).exitCode).toBe(1)
  expect((await place(directory)).exitCode).toBe(0)
})

test('cores of which nothing has come make way for others when a mirror keeps as many as it can', async () => {
  const network = await newNetwork()
  const mirror = await runMirror(['--max-bytes', '16KiB', '--json', '--metrics', '0', ...network])
  const link = await openLink(network, mirror.key)
  link.muxer.addCores(request(2))
  await hasCores(mirror, 2)
  const other = await openLink(network, mirror.key)
  other.muxer.addCores(request(1))
  await other.closed
  link.close()
  const directory = await storeWith((store) => store.get({ name: 'core' }).append('block'))
  const place = () => coreyard(['place', directory, '--mirrors', mirror.key, '--copies', '1', ...network])
  await expect.poll(async () => (await place()).exitCode).toBe(0)
  expect(await kept(mirror)).toBeLessThanOrEqual(2)
})

test('a peer that claims a longer core than was signed does not make the copies of others count less', async () => {
  const network = await newNetwork()
  const mirror = await runMirror(network)
  const directory = await filled()
  const key = await keyOf(directory, 'chat')
  await coreyard(['place', directory, 'chat', '--mirrors', mirror.key, '--copies', '1', ...network])
  const copy = join(newDirectory(), 'copy')
  await coreyard(['clone', key, copy, '--mirrors', mirror.key, ...network])

  const store = new Corestore(copy)
  onTestFinished(() => store.close())
  const core = store.get({ key })
  await core.ready()
  core.on('peer-add', (peer) => {
    const liar = peer as unknown as { wireSync: { send(message: object): void }; sendSync(): void }
    const send = liar.wireSync.send.bind(liar.wireSync)
    liar.wireSync.send = (message) => send({ ...message, length: 2 ** 40 })
    liar.sendSync()
  })
  const options = { bootstrap: network.slice(1).map(readAddress), signal: new AbortController().signal }
  await withSwarm(store, options, async (swarm) => {
    await swarm.join(core.discoveryKey ?? new Uint8Array(), { client: false }).flushed()
    const { cores } = await json<{ cores: { length: number; peers: object[] }[] }>([
      'coverage',
      '--timeout',
      '60',
      key,
      '--mirrors',
      mirror.key,
      ...network,
    ])
    expect(cores[0]?.length).toBe(3)
    expect(cores[0]?.peers).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ publicKey: mirror.key, have: 3, whole: true }),
        expect.objectContaining({ mirror: false, length: 2 ** 40 }),
      ]),
    )
  })
})

function request(count: number) {
  const cores = Array.from({ length: count }, () => ({ key: randomBytes(32), length: 1 }))
  return { priority: 1, referrer: null, announce: false, cores }
}

/** Ends a mirror, and gives how many cores it kept. */
async function kept(mirror: RunningMirror): Promise<number> {
  return JSON.parse((await mirror.stop()).out).cores
}
