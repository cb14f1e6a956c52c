// docs/errors.md: the errors of Hypercore and Node.js come with the codes and messages that the page shows.

import { Corestore, memoryStorage } from '@coreyard/corestore'
import type { ActiveRequests } from '@coreyard/hypercore-types'
import { expect, onTestFinished, test, vi } from 'vitest'
import { errorSections } from './documents.js'

const PROVOKED: readonly [code: string, provoke: (store: Corestore) => Promise<unknown>][] = [
  // The types refuse these values, so they are hidden from them.
  ['ERR_INVALID_ARG_TYPE', async (store) => store.get({ name: 'a' }).append(hidden({ text: 'hello' }))],
  [
    'ERR_INVALID_ARG_TYPE',
    async (store) => store.get({ name: 'a', valueEncoding: 'json' }).append(hidden(undefined)),
  ],
  ['ERR_ASSERTION', async (store) => store.get({ name: 'a' }).get(-1)],
  [
    'DECODING_ERROR',
    async (store) => {
      await store.get({ name: 'a' }).append('not json')
      await store.get({ name: 'a', valueEncoding: 'json' }).get(0)
    },
  ],
  [
    'INVALID_OPERATION',
    async (store) => {
      const core = store.get({ name: 'a' })
      await core.append('block')
      await core.truncate(1000)
    },
  ],
  [
    'REQUEST_CANCELLED',
    async (store) => {
      const core = store.get({ key: Buffer.alloc(32, 1) })
      await core.ready()
      const activeRequests: ActiveRequests = []
      const block = core.get(0, { activeRequests })
      await vi.waitUntil(() => activeRequests.length > 0, { timeout: 60_000 })
      core.clearRequests(activeRequests)
      await block
    },
  ],
  ['REQUEST_TIMEOUT', async (store) => store.get({ key: Buffer.alloc(32, 1) }).get(0, { timeout: 1 })],
]

/** The messages of the page, by code. */
const SECTIONS = new Map(errorSections().hypercore.map(({ code, messages }) => [code, messages]))

test.each(PROVOKED)('%s comes with a message of the page (%#)', async (code, provoke) => {
  const store = new Corestore(memoryStorage())
  onTestFinished(() => store.close())
  const error = await provoke(store).then(
    () => expect.fail(`nothing failed with ${code}`),
    (reason: Error & { code?: string }) => reason,
  )
  // Hypercore adds the discovery key of the core.
  const message = error.message.replace(/ \(discovery key: \w+\)$/, '')
  expect([error.code, SECTIONS.get(code)]).toEqual([code, expect.arrayContaining([message])])
})

test('each section about Hypercore and Node.js is of an error that these tests provoke, or of one that is named', () => {
  const provoked = PROVOKED.map(([code]) => code)
  expect([...SECTIONS.keys()].filter((code) => !provoked.includes(code))).toEqual(['BLOCK_NOT_AVAILABLE'])
})

function hidden(value: unknown): never {
  return value as never
}
