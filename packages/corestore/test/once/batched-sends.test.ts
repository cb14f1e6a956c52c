// What waits for a sync goes out in few packets: each is encrypted, sent and decrypted on its own.

import { memoryStorage } from '@coreyard/storage'
import { expect, onTestFinished, test } from 'vitest'
import { Corestore } from '../../src/index.js'
import { range } from '../helpers/open-store.js'
import { connect } from '../helpers/streams.js'

const CORES = 100
/** The request for a block, the block and the news of it may each take a packet; 12 packets go to and fro if none is shared. */
const MOST_PACKETS = 5 * CORES

test('messages of many cores that wait for one sync share packets', async () => {
  const [writer, reader] = [new Corestore(memoryStorage()), new Corestore(memoryStorage())]
  onTestFinished(async () => {
    await Promise.all([writer.close(), reader.close()])
  })
  const written = range(CORES).map((index) => writer.get({ name: `core ${index}` }))
  await Promise.all(written.map((core) => core.append('block')))
  const copies = written.map(({ key }) => reader.get({ key }))
  await Promise.all(copies.map((copy) => copy.ready()))

  let packets = 0
  for (const { noiseStream } of connect(reader, writer)) noiseStream.on('data', () => packets++)
  await Promise.all(copies.map((copy) => copy.get(0)))

  expect(packets).toBeLessThan(MOST_PACKETS)
})
