// Hyperdrive 13 between two stores. The reader has the key of the first core only: the second one is found in it, and is
// opened on a connection that is there already.

import Hyperdrive from 'hyperdrive'
import { expect, onTestFinished, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { text, utf8 } from '../helpers/bytes.js'
import { next } from '../helpers/events.js'
import { createStore } from '../helpers/stores.js'
import { closed, connect } from '../helpers/streams.js'
import { joinSwarm, localNetwork } from '../helpers/swarms.js'

const FILES = ['/a.txt', '/docs/b.txt', '/docs/c.txt']

function openDrive(store: Corestore, key: Uint8Array | null = null): Hyperdrive {
  const drive = new Hyperdrive(store, key)
  onTestFinished(() => drive.close())
  return drive
}

/** A drive with the files in it. */
async function writtenDrive(store = createStore('writer')): Promise<Hyperdrive> {
  const drive = openDrive(store)
  for (const path of FILES) await drive.put(path, utf8(`content of ${path}`))
  return drive
}

/** Waits for a peer, and for what it has of the drive. */
async function findPeer(drive: Hyperdrive): Promise<void> {
  const found = drive.findingPeers()
  await drive.update()
  found()
}

test('over a stream, a drive is read in another store that has its key alone', async () => {
  const writer = await writtenDrive()
  const reader = openDrive(createStore('reader'), writer.key)
  connect(writer, reader)

  await findPeer(reader)
  expect(text(await reader.get('/docs/b.txt'))).toBe('content of /docs/b.txt')
  expect(reader.writable).toBe(false)
  expect(await reader.has('/docs/c.txt')).toBe(false)
  await reader.download('/').done()
  expect(await reader.has('/')).toBe(true)
})

test('over a stream, a watcher sees what the writer of the drive does', async () => {
  const writer = await writtenDrive()
  const reader = openDrive(createStore('reader'), writer.key)
  connect(writer, reader)
  await findPeer(reader)

  const watcher = reader.watch('/')
  await watcher.ready()
  const change = watcher.next()
  await writer.put('/a.txt', utf8('changed'))
  const { value: [current] = [] } = await change
  expect(text((await current?.get('/a.txt')) ?? null)).toBe('changed')
  await watcher.close()
})

test('over a stream, a drive is mirrored into one of the reader', async () => {
  const writer = await writtenDrive()
  const store = createStore('reader')
  const reader = openDrive(store.session(), writer.key)
  const copy = openDrive(store.namespace('copy'))
  connect(writer, store)
  await findPeer(reader)

  const mirror = reader.mirror(copy)
  await mirror.done()
  expect(mirror.count).toMatchObject({ add: FILES.length })
  for (const path of FILES) expect(text(await copy.get(path))).toBe(`content of ${path}`)
})

test('what a reader has downloaded is there after a restart, without a peer', async () => {
  const writer = await writtenDrive()
  const before = openDrive(createStore('reader'), writer.key)
  const [stream] = connect(writer, before)
  await findPeer(before)
  await before.download('/').done()
  await before.close()
  await closed(stream)

  const after = openDrive(createStore('reader'), writer.key)
  expect(await after.has('/')).toBe(true)
  for (const path of FILES) expect(text(await after.get(path))).toBe(`content of ${path}`)
})

test('a writer that has restarted serves a drive that it has not opened again', async () => {
  const writer = await writtenDrive()
  const { key } = writer
  await writer.close()

  const reader = openDrive(createStore('reader'), key)
  connect(createStore('writer'), reader)
  await findPeer(reader)
  expect(text(await reader.get('/docs/c.txt'))).toBe('content of /docs/c.txt')
})

test('over Hyperswarm, a drive is found by its discovery key, and read', async () => {
  const network = await localNetwork()
  const writerStore = createStore('writer')
  const writer = await writtenDrive(writerStore)
  const readerStore = createStore('reader')
  const reader = openDrive(readerStore.session(), writer.key)
  await joinSwarm(network, writerStore, writer.discoveryKey)
  await joinSwarm(network, readerStore, writer.discoveryKey)

  await findPeer(reader)
  for (const path of FILES) expect(text(await reader.get(path))).toBe(`content of ${path}`)

  const appended = next(reader.core, 'append')
  await writer.put('/later', utf8('later'))
  await appended
  expect(text(await reader.get('/later'))).toBe('later')
})
