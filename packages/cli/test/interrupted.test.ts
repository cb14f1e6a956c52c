// Commands that are interrupted: they end, and give no result that they have not found.

import { expect, test } from 'vitest'
import { coreyard, filled, json, storeWith } from './command.js'
import { newNetwork } from './mirrors.js'

const KEY = 'ab'.repeat(32)

test('check that is interrupted does not say that all is well', async () => {
  const directory = await filled()
  const signal = AbortSignal.abort()
  const { exitCode, out } = await coreyard(['check', directory], { signal })
  expect([exitCode, out]).toEqual([130, 'interrupted: 0 cores, all well so far\n'])
  const asJson = await coreyard(['check', directory, '--json'], { signal })
  expect(JSON.parse(asJson.out)).toEqual({ directory, cores: 0, complete: false, damaged: [] })
  expect(await json(['check', directory])).toMatchObject({ complete: true })
})

test('check that is interrupted after its last core says that it is complete', async () => {
  const directory = await storeWith((store) => store.get({ name: 'only' }).append('block'))
  const abort = new AbortController()
  const onErr = (text: string) => text.startsWith('1 core checked') && abort.abort()
  const { exitCode, out } = await coreyard(['check', directory], { signal: abort.signal, onErr })
  expect([exitCode, out]).toEqual([130, '1 core, all well\n'])
})

test('diff that is interrupted does not say that the stores are the same', async () => {
  const directory = await filled()
  const { exitCode, out } = await coreyard(['diff', directory, directory], { signal: AbortSignal.abort() })
  expect([exitCode, out]).toEqual([130, ''])
})

test.each([
  ['probe', () => ['probe', KEY]],
  ['coverage', () => ['coverage', KEY]],
  ['why', (directory: string) => ['why', directory, 'chat']],
])('%s that is interrupted says nothing of what it has not found', async (_, argumentsFor) => {
  const args = [...argumentsFor(await filled()), ...(await newNetwork())]
  const { exitCode, out } = await coreyard(args, { signal: AbortSignal.abort() })
  expect([exitCode, out]).toEqual([130, ''])
})

test('rm that is interrupted removes no more cores, and says how many it has removed', async () => {
  const directory = await filled()
  const abort = new AbortController()
  const { exitCode, out } = await coreyard(['rm', directory, 'chat', 'other', '--yes', '--writable'], {
    signal: abort.signal,
    onOut: (text) => text.startsWith('remove other') && abort.abort(),
  })
  expect([exitCode, out]).toEqual([130, expect.stringContaining('0 cores removed')])
  expect(await json(['ls', directory])).toMatchObject({ cores: [{ name: 'chat' }, { name: 'other' }] })
})
