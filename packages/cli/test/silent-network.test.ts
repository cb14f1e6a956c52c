// A network whose nodes do not answer: what waits for them ends when it is interrupted, and says that nothing answers.

import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { join } from 'node:path'
import createTestnet from '@hyperswarm/testnet'
import { expect, onTestFinished, test } from 'vitest'
import { coreyard, filled, newDirectory } from './command.js'

const KEY = 'ab'.repeat(32)

/** How often a node is asked for one thing before it is given up. */
const TRIES = 4

test.each([
  ['share', (directory: string) => ['share', directory]],
  ['mirror', () => ['mirror', join(newDirectory(), 'mirror')]],
  ['clone', () => ['clone', KEY, join(newDirectory(), 'copy')]],
  ['probe', () => ['probe', KEY]],
  ['why', (directory: string) => ['why', directory, 'chat']],
  ['place', (directory: string) => ['place', directory, '--mirrors', KEY, '--copies', '1']],
  ['coverage', (directory: string) => ['coverage', directory]],
])('%s that is interrupted does not wait for nodes that do not answer', async (_, argumentsFor) => {
  const node = await silentNode()
  const abort = new AbortController()
  node.socket.once('message', () => abort.abort())
  const args = [...argumentsFor(await filled()), '--bootstrap', `127.0.0.1:${node.port}`]
  const { exitCode, err } = await coreyard(args, { signal: abort.signal })
  expect(exitCode).toBe(130)
  expect(node.asked).toBeLessThan(TRIES)
  expect(err).not.toContain('sharing')
})

test('share that is interrupted leaves a network that has stopped to answer', async () => {
  const testnet = await createTestnet(3)
  const bootstrap = testnet.bootstrap.map(({ host, port }) => `${host}:${port}`)
  const ports = testnet.nodes.map((node) => node.address()?.port)
  const abort = new AbortController()
  let silenced: Promise<(SilentNode | null)[]> | undefined
  const onErr = (text: string) => {
    if (!text.startsWith('sharing') || silenced !== undefined) return
    // Another process may have taken a port meanwhile. It does not answer as a node of a network, either.
    const silent = () => Promise.all(ports.map((port) => silentNode(port).catch(() => null)))
    silenced = testnet.destroy().then(silent)
    silenced.finally(() => abort.abort())
  }
  const sharing = coreyard(['share', await filled(), 'chat', '--bootstrap', ...bootstrap], {
    signal: abort.signal,
    onErr,
  })
  expect((await sharing).exitCode).toBe(130)
  for (const node of (await silenced) ?? []) expect(node?.asked ?? 0).toBeLessThan(TRIES)
})

test.each(['share', 'mirror'])('%s says that no node of the network has answered', async (command) => {
  const node = await silentNode()
  const abort = new AbortController()
  const directory = command === 'share' ? await filled() : join(newDirectory(), 'mirror')
  const { err } = await coreyard([command, directory, '--bootstrap', `127.0.0.1:${node.port}`], {
    signal: abort.signal,
    onErr: (text) => text.includes('No node of the network has answered') && abort.abort(),
  })
  expect(err).toContain('No node of the network has answered')
})

test('clone and probe tell a network that does not answer from a core that nobody has', async () => {
  const node = await silentNode()
  const args = [KEY, '--timeout', '0.2', '--bootstrap', `127.0.0.1:${node.port}`]
  const cloned = await coreyard(['clone', KEY, join(newDirectory(), 'copy'), ...args.slice(1)])
  expect([cloned.exitCode, cloned.err]).toEqual([
    4,
    expect.stringContaining('No node of the network has answered'),
  ])
  const probed = await coreyard(['probe', ...args])
  expect([probed.exitCode, probed.out]).toEqual([
    1,
    expect.stringContaining('no node of the network has answered'),
  ])
  const { out } = await coreyard(['probe', ...args, '--json'])
  expect(JSON.parse(out)).toMatchObject({ network: false, served: false })
})

interface SilentNode {
  readonly socket: Socket
  readonly port: number
  /** How many messages have come. */
  readonly asked: number
}

async function silentNode(port = 0): Promise<SilentNode> {
  const socket = createSocket('udp4')
  socket.bind(port, '127.0.0.1')
  await once(socket, 'listening')
  onTestFinished(() => {
    socket.close()
  })
  let asked = 0
  socket.on('message', () => asked++)
  return {
    socket,
    port: socket.address().port,
    get asked() {
      return asked
    },
  }
}
