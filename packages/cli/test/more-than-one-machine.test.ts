// A core on several machines: the writer leaves, a mirror dies, and the core stays whole.

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { coreyard, newDirectory, storeWith } from './command.js'
import { keyOf, newNetwork, spawnMirror } from './mirrors.js'

const BLOCKS = Array.from({ length: 200 }, (_, index) => `block ${index} `.padEnd(1000, 'x'))

test('a reader gets every block when the writer has left and a mirror has died, and a fourth mirror makes the copies whole', async () => {
  const network = await newNetwork()
  const mirrors = await Promise.all([spawnMirror(network), spawnMirror(network), spawnMirror(network)])
  const keys = mirrors.map((mirror) => mirror.key)
  const directory = await storeWith((store) => store.get({ name: 'log' }).append(BLOCKS))
  const key = await keyOf(directory, 'log')

  const placed = await coreyard([
    'place',
    directory,
    '--mirrors',
    ...keys,
    '--copies',
    '2',
    '--json',
    ...network,
  ])
  expect([placed.exitCode, placed.out, placed.err]).toEqual([0, expect.anything(), expect.anything()])
  const holders: string[] = JSON.parse(placed.out).cores[0].mirrors.map(
    ({ publicKey }: { publicKey: string }) => publicKey,
  )
  expect(holders).toHaveLength(2)

  // The writer is gone: `directory` is not opened again. One of the two that have the core dies.
  const dying = mirrors.find((mirror) => mirror.key === holders[0])
  await dying?.kill('SIGKILL')
  const copy = join(newDirectory(), 'copy')
  const cloned = await coreyard(['clone', key, copy, '--mirrors', ...keys, ...network])
  expect([cloned.exitCode, cloned.out]).toEqual([0, `200 blocks, 200 kB in ${copy}\n`])
  expect((await coreyard(['cat', copy, key])).out).toBe(BLOCKS.map((block) => `${block}\n`).join(''))

  const covered = (args: string[]) =>
    coreyard(['coverage', key, '--copies', '2', '--timeout', '60', '--json', ...network, ...args])
  const lacking = await covered(['--mirrors', ...keys])
  expect([lacking.exitCode, JSON.parse(lacking.out).cores[0].copies]).toEqual([1, 1])

  const fourth = await spawnMirror(network)
  const living = [...keys.filter((one) => one !== holders[0]), fourth.key]
  const again = await coreyard(['place', key, '--mirrors', ...living, '--copies', '2', '--json', ...network])
  expect([again.exitCode, JSON.parse(again.out).placed]).toEqual([0, true])
  const whole = await covered(['--mirrors', ...living])
  expect([whole.exitCode, JSON.parse(whole.out).cores[0].copies]).toEqual([0, 2])
})
