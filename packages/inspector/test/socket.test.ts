// The socket of a store: another process of the same user can look, and nothing else.

import { once } from 'node:events'
import { statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Corestore } from '@coreyard/corestore'
import { expect, onTestFinished, test, vi } from 'vitest'
import { InspectorError, inspect, type PeerPicture, type Picture } from '../src/index.js'
import { type RemoteOptions, remoteStore, serveInspector } from '../src/socket.js'
import { connect, hex, keyOf, newDirectory, openStore, peerOf, write } from './stores.js'

test('another process sees what the store itself does', async () => {
  const { store, directory } = await served()
  const core = await write(store, 'chat', 3)
  const remote = remoteStore(directory)
  const picture = await remote.inspect({ stored: true })
  expect(picture.cores).toEqual((await inspect(store, { stored: true })).cores)
  expect((await remote.explain(Buffer.from(keyOf(core)).toString('hex'))).problem?.code).toBe('NO_CONNECTION')
})

test('a watch continues until its loop ends, and ends when the store closes', async () => {
  const { store, directory } = await served()
  const core = await write(store, 'chat')
  const lengths: number[] = []
  for await (const { picture } of remoteStore(directory).watch({ interval: 10 })) {
    lengths.push(picture.cores[0]?.length ?? 0)
    if (lengths.at(-1) === 2) break
    if (lengths.length === 1) await core.append('more')
  }
  expect(lengths[0]).toBe(1)
  const watching = remoteStore(directory).watch({ interval: 10 })
  await watching.next()
  const closing = store.close()
  let last = await watching.next()
  while (last.done !== true) last = await watching.next()
  await closing
})

test('the socket is for its owner alone, and is gone with the store', async () => {
  const { store, directory, path } = await served()
  expect(path.startsWith(directory)).toBe(true)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  await store.close()
  await expect(remoteStore(directory).inspect()).rejects.toMatchObject({ code: 'NOT_SERVED' })
})

test('a directory with a long path has its socket elsewhere, for its owner alone', async () => {
  const { directory, path } = await served(join(newDirectory(), 'a'.repeat(120)))
  expect(path.startsWith(directory)).toBe(false)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect((await remoteStore(directory).inspect()).store.state).toBe('open')
})

test('a socket that a killed process has left is taken over', async () => {
  const directory = newDirectory()
  writeFileSync(join(directory, 'inspector.sock'), '')
  await served(directory)
  expect((await remoteStore(directory).inspect()).cores).toEqual([])
})

test.runIf(process.platform !== 'win32')(
  'a directory has one socket, by whichever link it is named',
  async () => {
    const real = join(newDirectory(), 'a'.repeat(120))
    const link = join(newDirectory(), 'link')
    await served(real)
    symlinkSync(real, link)
    expect((await remoteStore(link).inspect()).cores).toEqual([])
  },
)

test('a remote store refuses invalid options', () => {
  const refused = expect.objectContaining({ code: 'BAD_ARGUMENT' })
  for (const options of [{ signal: 7 }, { signals: 7 }, 7]) {
    expect(() => remoteStore(newDirectory(), options as RemoteOptions)).toThrow(refused)
  }
})

test('a process that does not answer is waited for until the signal', async () => {
  const directory = newDirectory()
  const silent = createServer(() => {})
  onTestFinished(() => void silent.close())
  await once(silent.listen(join(directory, 'inspector.sock')), 'listening')
  const leaving = new AbortController()
  const remote = remoteStore(directory, { signal: leaving.signal })
  const asked = Promise.allSettled([
    remote.inspect(),
    remote.list().next(),
    remote.explain('a'.repeat(64)),
    remote.watch().next(),
    once(silent, 'connection').then(() => leaving.abort('left')),
  ])
  const left = { status: 'rejected', reason: 'left' }
  expect((await asked).slice(0, 4)).toEqual([
    left,
    left,
    left,
    { status: 'fulfilled', value: { done: true } },
  ])
  await expect(remote.inspect()).rejects.toBe('left')
})

test.each([
  ['{"ask":"delete"}\n', 'BAD_ARGUMENT', 'ask must be inspect, list, watch or explain'],
  ['{"ask":"explain","key":"nokey"}\n', 'BAD_ARGUMENT', 'key must be'],
  ['{"ask":"watch","interval":0}\n', 'BAD_ARGUMENT', 'interval must be'],
  ['{"ask":"inspect","stored":7}\n', 'BAD_ARGUMENT', 'stored must be'],
  ['null\n', 'BAD_ARGUMENT', 'ask must be'],
  ['no json\n', 'BAD_ARGUMENT', 'a line of JSON'],
  ['x'.repeat(10_000), 'BAD_ARGUMENT', 'too long'],
])('the request %j is refused', async (request, code, message) => {
  const { path } = await served()
  const socket = createConnection(path)
  socket.write(request)
  expect(JSON.parse(await text(socket))).toEqual({
    error: { code, message: expect.stringContaining(message) },
  })
})

test('a watch by the socket has all cores in each picture, and no longer those that close', async () => {
  const { store, directory } = await served()
  const [kept, closing] = [await write(store, 'kept'), await write(store, 'closing')]
  const seen: (string | undefined)[][] = []
  for await (const { picture, closed } of remoteStore(directory).watch({ interval: 10 })) {
    seen.push(picture.cores.map(({ name }) => name ?? undefined).sort())
    if (seen.length === 1) await kept.append('more')
    if (seen.length === 2) {
      await closing.close()
      await store.delete({ name: 'closing' })
    }
    if (closed.length > 0) break
  }
  expect(seen[0]).toEqual(['closing', 'kept'])
  expect(seen[1]).toEqual(['closing', 'kept'])
  expect(seen.at(-1)).toEqual(['kept'])
})

test('bytes after a request are not read', async () => {
  const { path } = await served()
  const socket = createConnection(path)
  socket.write(`{"ask":"inspect"}\n${'x'.repeat(1_000_000)}`)
  const [answer = '', end] = (await text(socket)).split('\n')
  expect(JSON.parse(answer)).toMatchObject({ value: { cores: [] } })
  expect(end).toBe('{"end":true}')
})

test('many stored cores arrive in parts, and none is missing', async () => {
  const names = Array.from({ length: 600 }, (_, index) => `core ${index}`).sort()
  const { store: filled, directory } = await served()
  await Promise.all(names.map((name) => write(filled, name)))
  const open = await remoteStore(directory).inspect()
  expect(open.cores.map(({ name }) => name).sort()).toEqual(names)
  await filled.close()

  await served(directory)
  const parts: string[][] = []
  for await (const part of remoteStore(directory).list()) parts.push(part.map(({ name }) => name ?? ''))
  expect(parts.map(({ length }) => length)).toEqual([256, 256, 88])
  expect(parts.flat().sort()).toEqual(names)
  const stored = await remoteStore(directory).inspect({ stored: true })
  expect(stored.cores.map(({ name }) => name).sort()).toEqual(names)
})

test('a watch that waits for its next picture ends when its signal aborts', async () => {
  const { store, directory } = await served()
  await write(store, 'chat')
  const abort = new AbortController()
  const watching = remoteStore(directory).watch({ interval: 2 ** 31 - 1, signal: abort.signal })
  await watching.next()
  const next = watching.next()
  abort.abort()
  expect(await next).toEqual({ value: undefined, done: true })
})

test('a list that ends before its end rejects', async () => {
  const path = join(newDirectory(), 'inspector.sock')
  const dying = createServer((socket) => void socket.end('{"value":[]}\n'))
  dying.listen(path)
  onTestFinished(() => void dying.close())
  await once(dying, 'listening')
  const rejected = expect.objectContaining({ code: 'STORE_CLOSED' })
  await expect(async () => {
    for await (const part of remoteStore(dirname(path)).list()) expect(part).toEqual([])
  }).rejects.toEqual(rejected)
  await expect(remoteStore(dirname(path)).inspect()).rejects.toThrow()
})

test('of a peer, what has changed goes over the socket, and the picture is whole', async () => {
  const { store, directory } = await served()
  const other = openStore()
  const cores = [await write(store, 'one'), await write(store, 'two')]
  connect(store, other)
  for (const core of cores) await other.get({ key: keyOf(core) }).get(0)
  const watching = remoteStore(directory).watch({ interval: 10 })
  onTestFinished(() => void watching.return())
  const until = async (holds: (peer: PeerPicture | undefined) => boolean) => {
    for (;;) {
      const { value } = await watching.next()
      if (value !== undefined && holds(peerOf(value))) return peerOf(value)
    }
  }
  const before = await until((peer) => peer?.cores.filter(({ sent }) => sent > 0).length === 2)
  await cores[1]?.append('more')
  const after = await until((peer) => peer?.cores.some(({ length }) => length === 2) ?? false)
  const still = (peer: PeerPicture | undefined) =>
    peer?.cores.find(({ discoveryKey }) => discoveryKey === hex(cores[0]?.discoveryKey ?? null))
  expect(still(after)).toBe(still(before))
})

test('a peer that connects and says nothing, or leaves, harms nothing', async () => {
  const { store, path, directory } = await served()
  const silent = createConnection(path)
  const gone = createConnection(path)
  gone.on('connect', () => gone.destroy())
  await new Promise((resolve) => gone.once('close', resolve))
  expect((await remoteStore(directory).inspect()).store.state).toBe('open')
  await store.close()
  await new Promise((resolve) => silent.once('close', resolve).resume())
})

test('a store with the option inspector lets others look', async () => {
  const directory = newDirectory()
  const store = new Corestore(directory, { engine: 'random-access', inspector: true })
  onTestFinished(() => store.close())
  await write(store, 'chat')
  expect((await untilServed(directory)).cores).toMatchObject([{ name: 'chat' }])
})

test('COREYARD_INSPECT=1 lets others look into every store in a directory, unless its option says no', async () => {
  vi.stubEnv('COREYARD_INSPECT', '1')
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const [directory, other] = [newDirectory(), newDirectory()]
  const stores = [
    new Corestore(directory, { engine: 'random-access' }),
    new Corestore(other, { engine: 'random-access', inspector: false }),
    openStore(),
  ]
  onTestFinished(async () => {
    for (const store of stores) await store.close()
  })
  await Promise.all(stores.map((store) => store.ready()))
  expect((await untilServed(directory)).store.directory).toBe(directory)
  await expect(remoteStore(other).inspect()).rejects.toMatchObject({ code: 'NOT_SERVED' })
})

test('a store that closes at once is not served, and warns of nothing', async () => {
  const directory = newDirectory()
  const store = new Corestore(directory, { engine: 'random-access', inspector: true })
  const warnings: Error[] = []
  store.on('warning', (warning) => warnings.push(warning))
  await store.ready()
  await store.close()
  await expect(remoteStore(directory).inspect()).rejects.toMatchObject({ code: 'NOT_SERVED' })
  expect(warnings).toEqual([])
})

test('the option is refused where it cannot be, and where it is no boolean', () => {
  expect(() => openStore({ inspector: true })).toThrow('inspector is for a store in a directory')
  expect(() => openStore({ inspector: 1 as never })).toThrow('inspector must be true or false, not a number')
  const parent = openStore()
  expect(() => parent.session({ inspector: true } as never)).toThrow(
    'inspector is shared by a store and all of its sessions',
  )
})

test('a store in memory, a value that is not a store and a closed store are refused', async () => {
  await expect(serveInspector(openStore())).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
  await expect(serveInspector({} as Corestore)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
  const { store } = await served()
  await store.close()
  await expect(serveInspector(store)).rejects.toMatchObject({ code: 'STORE_CLOSED' })
})

/** Asks again until the store is served: no event announces that. */
async function untilServed(directory: string): Promise<Picture> {
  for (;;) {
    try {
      return await remoteStore(directory).inspect()
    } catch (error) {
      if (!(error instanceof InspectorError) || error.code !== 'NOT_SERVED') throw error
      await new Promise(setImmediate)
    }
  }
}

/** A store in a directory, which others can look into. */
async function served(
  directory = newDirectory(),
): Promise<{ store: Corestore; directory: string; path: string }> {
  const store = new Corestore(directory, { engine: 'random-access' })
  onTestFinished(() => store.close())
  const { path } = await serveInspector(store)
  return { store, directory, path }
}
