// What a command reports that fails while it leaves its network.

import { Corestore, memoryStorage, StorageError } from '@coreyard/corestore'
import { expect, test } from 'vitest'
import { withSwarm } from '../src/network.js'
import { type Address, readAddress } from '../src/network-options.js'
import { newNetwork } from './mirrors.js'

const SILENT = [{ host: '127.0.0.1', port: 1 }]

test('an error of the store is reported although the command has left its network', async () => {
  const full = new StorageError('STORAGE_FULL', 'The disk is full', '/data')
  await expect(leaveAndFail(SILENT, full)).rejects.toBe(full)
})

test('an error is reported as it is if the node of the network was not destroyed', async () => {
  const error = new Error('The records cannot be written')
  await expect(leaveAndFail((await newNetwork()).slice(1).map(readAddress), error)).rejects.toBe(error)
})

test('an error of a node that was destroyed is reported as the end of the command', async () => {
  await expect(leaveAndFail(SILENT, new Error('The node is destroyed'))).rejects.toMatchObject({
    code: 'INTERRUPTED',
    message: 'The command was ended before it had joined the network',
  })
})

async function leaveAndFail(bootstrap: readonly Address[], error: Error): Promise<void> {
  const store = new Corestore(memoryStorage())
  const abort = new AbortController()
  try {
    await withSwarm(store, { bootstrap, signal: abort.signal }, async ({ dht }) => {
      if (bootstrap !== SILENT) await dht.fullyBootstrapped()
      abort.abort()
      throw error
    })
  } finally {
    await store.close()
  }
}
