// The commands of the network, on a DHT of this machine: share, clone, probe, why.

import { join } from 'node:path'
import { Corestore } from '@coreyard/corestore'
import createTestnet from '@hyperswarm/testnet'
import b4a from 'b4a'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { withSwarm } from '../src/network.js'
import { coreyard, filled, json, newDirectory, type Result, storeWith } from './command.js'
import { deferred, keyOf } from './mirrors.js'

let testnet: Awaited<ReturnType<typeof createTestnet>>
let network: string[]

beforeAll(async () => {
  testnet = await createTestnet(3)
  network = ['--bootstrap', ...testnet.bootstrap.map(({ host, port }) => `${host}:${port}`)]
})
afterAll(() => testnet.destroy())

test('what one shares another clones, and both are the same', async () => {
  const directory = await filled()
  const key = await keyOf(directory, 'chat')
  const copy = join(newDirectory(), 'copy')
  const sharing = coreyard(['share', directory, 'chat', '--until-synced', '--json', ...network])
  const cloned = await coreyard(['clone', key, copy, ...network])
  expect(cloned).toMatchObject({ exitCode: 0, out: `3 blocks, 15 B in ${copy}\n` })
  expect((await coreyard(['cat', copy, key])).out).toBe('hello\nworld\nagain\n')
  const shared = await sharing
  expect(shared.exitCode).toBe(0)
  expect(shared.err).toContain(`sharing ${key}`)
  expect(JSON.parse(shared.out)).toEqual({
    directory,
    cores: 1,
    empty: 0,
    synced: 1,
    sent: expect.any(Number),
  })
})

test('a peer that leaves as soon as it has given all keeps nobody waiting', async () => {
  const store = new Corestore(await filled())
  onTestFinished(() => store.close())
  const core = store.get({ name: 'chat' })
  await core.ready()
  const key = b4a.toString(core.key ?? expect.fail('It is open'), 'hex')
  const copy = join(newDirectory(), 'copy')
  let cloning: Promise<Result> | undefined
  await withSwarm(
    store,
    { bootstrap: testnet.bootstrap, signal: new AbortController().signal },
    async (swarm) => {
      await swarm.join(core.discoveryKey ?? expect.fail('It is open'), { client: false }).flushed()
      const given = new Promise<void>((resolve) => {
        let blocks = 0
        core.on('upload', () => ++blocks === core.length && resolve())
      })
      cloning = coreyard(['clone', key, copy, ...network])
      await given
    },
  )
  expect(await cloning).toMatchObject({ exitCode: 0, out: `3 blocks, 15 B in ${copy}\n` })
})

test('a core that is cloned already is complete at once, where a peer has no more', async () => {
  const directory = await filled()
  const key = await keyOf(directory, 'chat')
  const copy = join(newDirectory(), 'copy')
  await whileShared(directory, async () => {
    expect((await coreyard(['clone', key, copy, ...network])).exitCode).toBe(0)
    expect(await json(['clone', key, copy, ...network])).toEqual({
      directory: copy,
      key,
      length: 3,
      byteLength: 15,
    })
  })
})

test('probe says how long a core that is served takes', async () => {
  const directory = await filled()
  const key = await keyOf(directory, 'chat')
  await whileShared(directory, async () => {
    const found = await json<{ steps: Record<string, number> }>(['probe', key, ...network])
    expect(found).toEqual({
      key,
      served: true,
      network: true,
      steps: {
        connected: expect.any(Number),
        core: expect.any(Number),
        length: expect.any(Number),
        firstBlock: expect.any(Number),
      },
      peers: 1,
      length: expect.any(Number),
    })
    expect((await coreyard(['probe', key, ...network])).out).toMatch(
      /^ok {4}the first block came \(\d+ ms\)$/m,
    )
  })
})

/** Runs a command that waits for a peer until a node of the network has answered by then: on a slow machine, none may have. */
async function answered(args: readonly string[], seconds = 0.5): Promise<Result> {
  const result = await coreyard([...args, '--timeout', String(seconds), ...network])
  if (!/no node of the network has answered/i.test(result.out + result.err)) return result
  return answered(args, 2 * seconds)
}

test('probe and clone say that nobody announces a core', async () => {
  const key = 'ab'.repeat(32)
  const probed = await answered(['probe', key])
  expect([probed.exitCode, probed.out]).toEqual([1, expect.stringContaining('no    no peer was found')])
  const cloned = await answered(['clone', key, join(newDirectory(), 'a')])
  expect([cloned.exitCode, cloned.err]).toEqual([
    4,
    expect.stringMatching(/No peer had the core within \S+ sec/),
  ])
})

test('why says that a core has no problem while a peer shares it', async () => {
  const directory = await filled()
  const key = await keyOf(directory, 'chat')
  const copy = join(newDirectory(), 'copy')
  await whileShared(directory, async () => {
    await coreyard(['clone', key, copy, ...network])
    const { exitCode, out } = await coreyard(['why', copy, key, '--timeout', '60', ...network])
    expect([exitCode, out]).toEqual([
      0,
      expect.stringContaining('Both sides have opened a channel for the core. CHANNEL_OPEN'),
    ])
  })
})

test('why says what stands in the way, and what to do', async () => {
  const directory = await filled()
  const key = await keyOf(directory, 'chat')
  const alone = await coreyard(['why', directory, key, '--timeout', '0.2', ...network])
  expect([alone.exitCode, alone.out]).toEqual([
    1,
    expect.stringContaining('NO  The store has no connection. NO_CONNECTION'),
  ])
  expect(alone.out).toContain('What to do: Join the discovery key')
  const unknown = await coreyard(['why', directory, 'ab'.repeat(32), '--json', ...network])
  expect([unknown.exitCode, JSON.parse(unknown.out).problem.code]).toEqual([1, 'NOT_STORED'])
})

test('why takes a name, and how a key begins, as other commands do', async () => {
  const directory = await storeWith(async (store) => {
    await store.get({ name: 'chat' }).append('hello')
    await store.get({ name: 'ab'.repeat(32) }).append('a name that looks like a key')
    await store.namespace('app').get({ name: 'chat' }).append('hello')
  })
  const args = ['--timeout', '0.2', '--json', ...network]
  const why = async (...core: string[]) =>
    JSON.parse((await coreyard(['why', directory, ...core, ...args])).out)
  const { cores } = await json<{ cores: { name: string; namespace: string; key: string }[] }>([
    'ls',
    directory,
  ])
  const [root, other] = ['0'.repeat(64), cores.find(({ namespace }) => !/^0+$/.test(namespace))]
  const key = (name: string) => cores.find((core) => core.name === name && core.namespace === root)?.key
  const prefix = key('chat')?.slice(0, 8) ?? ''
  expect(await why(prefix)).toMatchObject({ key: key('chat'), problem: { code: 'NO_CONNECTION' } })
  expect(await why('chat', '--namespace', root)).toMatchObject({ key: key('chat') })
  expect(await why('chat', '--namespace', other?.namespace ?? '')).toMatchObject({ key: other?.key })
  expect(await why('ab'.repeat(32), '--namespace', root)).toMatchObject({ key: key('ab'.repeat(32)) })
  expect(await why('chat')).toMatchObject({ error: { code: 'AMBIGUOUS' } })
  expect(await why('nobody')).toMatchObject({ error: { code: 'STORAGE_EMPTY' } })
})

test('share serves metrics on this machine', async () => {
  const directory = await filled()
  const abort = new AbortController()
  const said = deferred<string>()
  const sharing = coreyard(['share', directory, '--metrics', '0', ...network], {
    signal: abort.signal,
    onErr: (text) => {
      const [address] = /http:\S+/.exec(text) ?? []
      if (address !== undefined) said.resolve(address)
    },
  })
  const address = await said.promise
  const response = await fetch(address)
  expect(response.headers.get('content-type')).toContain('application/openmetrics-text')
  expect(await response.text()).toContain('coreyard_cores{use="any"} 2')
  expect((await fetch(address.replace('metrics', 'other'))).status).toBe(404)
  abort.abort()
  expect((await sharing).exitCode).toBe(130)
})

test.each([
  [['share', 'DIR', '--metrics', 'x'], '--metrics must be a port from 0 to 65535, not x'],
  [
    ['share', 'DIR', '--bootstrap', 'nowhere'],
    '--bootstrap must be host:port with an IPv4 address or a name, not nowhere',
  ],
  [['share', 'DIR', '--bootstrap', 'a:70000'], '--bootstrap must be host:port'],
  [['clone', 'nokey', 'DIR'], 'the key must be 64 characters of hex or 52 of z32, not nokey'],
  [['probe', 'nokey'], 'the key must be'],
  [
    ['probe', 'ab'.repeat(32), '--timeout', '-1'],
    '--timeout must be seconds above 0, at most 2147483, not -1',
  ],
  [['why', 'DIR', 'ab'.repeat(32), '--peer', 'x'], '--peer must be'],
])('the arguments %j are refused', async (args, message) => {
  const directory = await filled()
  const { exitCode, err } = await coreyard(args.map((arg) => (arg === 'DIR' ? directory : arg)))
  expect([exitCode, err]).toEqual([2, expect.stringContaining(message)])
})

test('share refuses a core that is not there, an empty store and no directory', async () => {
  expect((await coreyard(['share', await filled(), 'nobody', ...network])).exitCode).toBe(4)
  const empty = await storeWith((store) => store.ready())
  expect(await coreyard(['share', empty, ...network])).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('no cores'),
  })
  expect((await coreyard(['share', join(empty, 'missing'), ...network])).exitCode).toBe(3)
  expect((await coreyard(['why', join(empty, 'missing'), 'ab'.repeat(32), ...network])).exitCode).toBe(3)
})

test.each(['share', 'clone', 'probe', 'why'])(
  '%s has a help with --bootstrap and --json',
  async (command) => {
    const { exitCode, out } = await coreyard([command, '--help'])
    expect([exitCode, out]).toEqual([0, expect.stringMatching(/--json[\s\S]*--bootstrap/)])
  },
)

/** Shares a store for as long as `use` takes; the command then ends as by Ctrl-C. */
async function whileShared(directory: string, use: () => Promise<void>): Promise<void> {
  const abort = new AbortController()
  const sharing: Promise<Result> = coreyard(['share', directory, ...network], { signal: abort.signal })
  try {
    await use()
  } finally {
    abort.abort()
    expect((await sharing).exitCode).toBe(130)
  }
}
