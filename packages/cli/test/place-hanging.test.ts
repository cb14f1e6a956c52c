// A mirror that hangs: `coreyard place` that is interrupted does not wait for it.

import { expect, test, vi } from 'vitest'
import { MirrorLink } from '../src/placing/mirror-link.js'
import { coreyard, storeWith } from './command.js'
import { newNetwork, spawnMirror } from './mirrors.js'

test('place that is interrupted closes its connection to a mirror that hangs before that times out', async () => {
  const network = await newNetwork()
  const mirror = await spawnMirror(network)
  const blocks = Array.from({ length: 3000 }, () => Buffer.alloc(10_000))
  const directory = await storeWith((store) => store.get({ name: 'large' }).append(blocks))
  const failures: unknown[] = []
  const watch = vi.spyOn(MirrorLink.prototype, 'watch')
  const abort = new AbortController()
  const onErr = (text: string) => {
    if (abort.signal.aborted || !/[1-9]\d* blocks sent/.test(text)) return
    mirror.hang()
    for (const [stream] of watch.mock.calls) stream.on('error', (error) => failures.push(error))
    abort.abort()
  }
  const args = ['place', directory, '--mirrors', mirror.key, '--copies', '1', ...network]
  const { exitCode } = await coreyard(args, { signal: abort.signal, answers: [], onErr })
  expect([exitCode, failures]).toEqual([130, []])
})
