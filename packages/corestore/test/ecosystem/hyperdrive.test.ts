// Hyperdrive 13 on one store: a file system on two cores, the second of which is made from the manifest of the first.

import Hyperdrive, { type DriveEntry } from 'hyperdrive'
import { expect, onTestFinished, test } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { bytes32, hex, text, utf8 } from '../helpers/bytes.js'
import { createStore } from '../helpers/stores.js'

/** A drive, closed when the test has finished, and its store with it. */
function openDrive(store: Corestore, options?: { encryptionKey?: Uint8Array }): Hyperdrive {
  const drive = new Hyperdrive(store, null, options)
  onTestFinished(() => drive.close())
  return drive
}

async function paths(entries: AsyncIterable<DriveEntry>): Promise<string[]> {
  const all: string[] = []
  for await (const { key } of entries) all.push(key)
  return all
}

test('a drive keeps files, lists them, and forgets those that are deleted', async () => {
  const drive = openDrive(createStore('drive'))
  const picture = new Uint8Array(300_000).map((_, index) => index % 251)
  await drive.put('/docs/a.txt', utf8('a'))
  await drive.put('/docs/b.txt', utf8('b'), { executable: true, metadata: { by: 'me' } })
  await drive.put('/picture.png', picture)
  await drive.symlink('/link', '/docs/a.txt')

  expect(text(await drive.get('/docs/a.txt'))).toBe('a')
  expect(hex(await drive.get('/picture.png'))).toBe(hex(picture))
  expect((await drive.entry('/docs/b.txt'))?.value).toMatchObject({
    executable: true,
    metadata: { by: 'me' },
  })
  expect((await drive.entry('/link', { follow: true }))?.key).toBe('/docs/a.txt')
  expect(await paths(drive.list('/'))).toEqual(['/docs/a.txt', '/docs/b.txt', '/link', '/picture.png'])

  await drive.del('/docs/a.txt')
  expect(await drive.get('/docs/a.txt')).toBeNull()
  expect(await paths(drive.list('/docs'))).toEqual(['/docs/b.txt'])
})

test('a batch of a drive shows when it is flushed, all at once', async () => {
  const drive = openDrive(createStore('drive'))
  await drive.put('/old', utf8('old'))
  const batch = drive.batch()
  await batch.put('/a', utf8('a'))
  await batch.put('/b', utf8('b'))
  await batch.del('/old')

  expect(await paths(drive.list('/'))).toEqual(['/old'])
  await batch.flush()
  expect(await paths(drive.list('/'))).toEqual(['/a', '/b'])
  expect(text(await drive.get('/b'))).toBe('b')
})

test('a checkout of a drive shows the files as they were', async () => {
  const drive = openDrive(createStore('drive'))
  await drive.put('/a', utf8('first'))
  const { version } = drive
  await drive.put('/a', utf8('second'))
  await drive.put('/b', utf8('b'))

  const checkout = drive.checkout(version)
  expect(text(await checkout.get('/a'))).toBe('first')
  expect(await paths(checkout.list('/'))).toEqual(['/a'])
  await checkout.close()
  expect(text(await drive.get('/a'))).toBe('second')
})

test('a watcher of a folder sees what changes in it, before and after', async () => {
  const drive = openDrive(createStore('drive'))
  await drive.put('/docs/a', utf8('first'))
  const watcher = drive.watch('/docs')
  await watcher.ready()

  const change = watcher.next()
  await drive.put('/elsewhere', utf8('not watched'))
  await drive.put('/docs/a', utf8('second'))
  const { value: [current, previous] = [] } = await change

  expect(text((await current?.get('/docs/a')) ?? null)).toBe('second')
  expect(text((await previous?.get('/docs/a')) ?? null)).toBe('first')
  await watcher.close()
})

test('a drive mirrors into another one on the same store, and then only what has changed', async () => {
  const store = createStore('drives')
  const from = openDrive(store.namespace('from'))
  const to = openDrive(store.namespace('to'))
  for (const name of ['/a', '/b', '/c']) await from.put(name, utf8(name))

  const first = from.mirror(to)
  await first.done()
  expect(first.count).toMatchObject({ add: 3, change: 0, remove: 0 })

  await from.put('/a', utf8('changed'))
  await from.del('/b')
  const second = from.mirror(to)
  await second.done()
  expect(second.count).toMatchObject({ add: 0, change: 1, remove: 1 })
  expect(await paths(to.list('/'))).toEqual(['/a', '/c'])
  expect(text(await to.get('/a'))).toBe('changed')
})

test('drives in two namespaces of a store are two drives', async () => {
  const store = createStore('drives')
  const one = openDrive(store.namespace('one'))
  const other = openDrive(store.namespace('other'))
  await one.put('/file', utf8('one'))
  await other.put('/file', utf8('other'))

  expect(hex(one.key)).not.toBe(hex(other.key))
  expect(hex(one.contentKey ?? null)).not.toBe(hex(other.contentKey ?? null))
  await other.close()
  expect(text(await one.get('/file'))).toBe('one')
})

test('a second drive of the same name on a store waits until the first has closed, and takes over its files', async () => {
  const store = createStore('drive')
  const first = openDrive(store.session())
  await first.ready()
  const second = openDrive(store.session())
  let taken = false
  const waiting = second.ready().then(() => {
    taken = true
  })

  await first.put('/file', utf8('of the first'))
  expect(taken).toBe(false)
  await first.close()
  await waiting
  expect(second.writable).toBe(true)
  expect(text(await second.get('/file'))).toBe('of the first')
})

test('a drive is the same after a restart, without its key: it has its files and is written on', async () => {
  const before = openDrive(createStore('drive'))
  await before.put('/a', utf8('a'))
  const { key, contentKey = null, version } = before
  await before.close()

  const after = openDrive(createStore('drive'))
  await after.ready()
  expect(hex(after.key)).toBe(hex(key))
  expect(hex(after.contentKey ?? null)).toBe(hex(contentKey))
  expect(after.version).toBe(version)
  expect(text(await after.get('/a'))).toBe('a')

  await after.put('/b', utf8('b'))
  expect(text(await after.get('/b'))).toBe('b')
  expect(await paths(after.list('/'))).toEqual(['/a', '/b'])
})

test('an encrypted drive is read with its key, and what is stored of it is not readable', async () => {
  const store = createStore('drive')
  const drive = openDrive(store.session(), { encryptionKey: bytes32(7) })
  await drive.put('/secret.txt', utf8('nobody shall read this'))
  expect(text(await drive.get('/secret.txt'))).toBe('nobody shall read this')

  for (const key of [drive.key, drive.contentKey ?? null]) {
    const stored = store.get({ key, encryption: null })
    await stored.ready()
    expect(stored.length).toBeGreaterThan(0)
    for await (const block of stored.createReadStream()) expect(text(block)).not.toMatch(/secret|nobody/)
  }
})
