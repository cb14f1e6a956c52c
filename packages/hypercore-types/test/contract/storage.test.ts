import b4a from 'b4a'
import Hypercore from 'hypercore'
import HypercoreStorage from 'hypercore-storage'
import { expect, onTestFinished, test } from 'vitest'
import { missingMembers } from './members.js'
import {
  aliasMembers,
  atomMembers,
  authMembers,
  coreStorageMembers,
  databaseMembers,
  databaseReadMembers,
  databaseWriteMembers,
  dependencyMembers,
  entryMembers,
  groupMembers,
  headMembers,
  hintsMembers,
  infoMembers,
  nodeMembers,
  openPointerMembers,
  pointerMembers,
  readMembers,
  sessionMembers,
  staticMembers,
  storageMembers,
  streamMembers,
  writeMembers,
} from './storage-members.js'
import { directory } from './stores.js'

const namespace = b4a.alloc(32, 1)

/** A storage with one named core in it, that holds two blocks, belongs to a group and has a named session. */
async function storageWithCore() {
  const storage = new HypercoreStorage(await directory(), { onresume: () => {} })
  const core = Hypercore.createCore(storage, { alias: { name: 'a', namespace }, group: b4a.alloc(32, 2) })
  const session = new Hypercore(null, { core })
  onTestFinished(async () => {
    await session.close()
    await core.close()
    await storage.close()
  })
  await session.ready()
  await session.append(['a', 'b'])
  const branch = session.session({ name: 'branch' })
  await branch.append('c')
  await branch.close()
  if (!core.storage || !core.discoveryKey)
    throw new Error('the core is open, but its storage or key is not set')
  return { storage, core: core.storage, discoveryKey: core.discoveryKey }
}

/** What a promise gives that must not give `null`. */
async function present<T>(promise: Promise<T | null>): Promise<T> {
  const value = await promise
  if (value === null) throw new Error('expected a record, there is none')
  return value
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const value of values) list.push(value)
  return list
}

test('a storage and the classes beneath it have the members that their types declare', async () => {
  const { storage, core } = await storageWithCore()

  expect(missingMembers(storage, storageMembers)).toEqual([])
  expect(missingMembers(HypercoreStorage, staticMembers)).toEqual([])
  expect(missingMembers(storage.createAtom(), atomMembers)).toEqual([])
  expect(missingMembers(core, coreStorageMembers)).toEqual([])
  expect(missingMembers(core.core, openPointerMembers)).toEqual([])
  expect(missingMembers(core.write(), writeMembers)).toEqual([])
  const reads = core.read()
  expect(missingMembers(reads, readMembers)).toEqual([])
  reads.destroy()
})

test('a database has the members that hypercore-storage calls', async () => {
  const { storage } = await storageWithCore()
  const { db, rocks } = storage
  const reads = db.read()
  const writes = db.write()

  expect(missingMembers(rocks, databaseMembers)).toEqual([])
  expect(missingMembers(db, databaseMembers)).toEqual([])
  expect(missingMembers(reads, databaseReadMembers)).toEqual([])
  expect(missingMembers(writes, databaseWriteMembers)).toEqual([])
  reads.destroy()
  writes.destroy()
  for await (const entry of db.iterator({ gte: b4a.from([0]), lt: b4a.from([255]), limit: 1 })) {
    expect(missingMembers(entry, entryMembers)).toEqual([])
  }
})

test('records have the members that their types declare', async () => {
  const { storage, core, discoveryKey } = await storageWithCore()
  const info = await present(storage.getInfo(discoveryKey))
  const { auth, head, hints } = info
  if (!auth || !head || !hints) throw new Error('the core has blocks, but its records are not there')

  expect(missingMembers(info, infoMembers)).toEqual([])
  expect(missingMembers(info.core, pointerMembers)).toEqual([])
  expect(info.core.alias && missingMembers(info.core.alias, aliasMembers)).toEqual([])
  expect(missingMembers(auth, authMembers)).toEqual([])
  expect(missingMembers(head, headMembers)).toEqual([])
  expect(missingMembers(hints, hintsMembers)).toEqual([])

  const reads = core.read()
  const answers = Promise.all([
    present(reads.getGroup()),
    present(reads.getSessions()),
    present(reads.getTreeNode(0)),
    present(reads.getBitfieldPage(0)),
  ])
  reads.tryFlush()
  const [group, sessions, node, page] = await answers
  expect(missingMembers(group, groupMembers)).toEqual([])
  expect(sessions.flatMap((session) => missingMembers(session, sessionMembers))).toEqual([])
  expect(sessions).toHaveLength(1)
  expect(missingMembers(node, nodeMembers)).toEqual([])
  expect(page.byteLength).toBe(4096)

  const branch = await present(core.resumeSession('branch'))
  expect(branch.dependencies.flatMap((each) => missingMembers(each, dependencyMembers))).toEqual([])
  expect(branch.dependencies).toHaveLength(1)
  await branch.close()
})

test('streams of a storage yield what their types declare', async () => {
  const { storage, core, discoveryKey } = await storageWithCore()
  const stream = storage.createDiscoveryKeyStream()
  expect(missingMembers(stream, streamMembers)).toEqual([])

  const group = await present(storage.getGroup(b4a.alloc(32, 2)))
  const collected = {
    keys: await all(stream),
    keysOfNamespace: await all(storage.createDiscoveryKeyStream(namespace)),
    cores: await all(storage.createCoreStream()),
    aliases: await all(storage.createAliasStream(namespace)),
    updates: await all(storage.createGroupUpdateStream(group)),
    blocks: await all(core.createBlockStream({ gte: 1 })),
    nodes: await all(core.createTreeNodeStream({ lt: 1 })),
  }
  const alias = { name: 'a', namespace }
  const { key } = await present(storage.getAuth(discoveryKey))
  expect(collected).toMatchObject({
    keys: [discoveryKey],
    keysOfNamespace: [discoveryKey],
    cores: [{ discoveryKey, core: { alias } }],
    aliases: [{ alias, discoveryKey }],
    updates: [key],
    blocks: [{ index: 1, value: b4a.from('b') }],
    nodes: [{ index: 0, size: 1 }],
  })
})

test('deleteCore removes the blocks of a core and leaves its alias', async () => {
  const storage = new HypercoreStorage(await directory())
  const core = Hypercore.createCore(storage, { alias: { name: 'a', namespace } })
  const session = new Hypercore(null, { core })
  onTestFinished(() => storage.close())
  await session.append('a')
  const discoveryKey = await present(storage.getAlias({ name: 'a', namespace }))
  const { core: pointer } = await present(storage.getInfo(discoveryKey))
  await session.close()
  await core.close()

  await storage.deleteCore(pointer)

  const entries = await all(storage.db.iterator({ gte: b4a.from([0]), lt: b4a.from([255]) }))
  expect(await storage.hasCore(discoveryKey)).toBe(false)
  expect(await storage.getAlias({ name: 'a', namespace })).toEqual(discoveryKey)
  expect(entries.filter(({ value }) => b4a.equals(value, b4a.from('a')))).toHaveLength(0)
})
