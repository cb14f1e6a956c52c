// Two processes that place the same store at once.

import { cpSync } from 'node:fs'
import { expect, test } from 'vitest'
import { coreyard, filled, newDirectory } from './command.js'
import { deferred, newNetwork, runMirror } from './mirrors.js'

test('a store that is being placed is refused to another process, and placed again afterwards', async () => {
  const network = await newNetwork()
  const mirror = await runMirror(network)
  const directory = await filled()
  const copy = newDirectory()
  cpSync(directory, copy, { recursive: true })
  const abort = new AbortController()
  const nobody = ['--mirrors', 'ab'.repeat(32), '--copies', '1', ...network]
  const refused = deferred<Awaited<ReturnType<typeof coreyard>>>()
  const first = coreyard(['place', directory, ...nobody], {
    signal: abort.signal,
    onErr: (text) => text.startsWith('placing as') && refused.resolve(coreyard(['place', copy, ...nobody])),
  })
  const { exitCode, err } = await refused.promise
  expect([exitCode, err]).toEqual([3, expect.stringContaining('is being placed by another process')])
  abort.abort()
  await first
  const again = ['place', directory, '--mirrors', mirror.key, '--copies', '1', ...network]
  expect((await coreyard(again)).exitCode).toBe(0)
})
