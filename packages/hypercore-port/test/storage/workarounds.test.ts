// Faults of Hypercore and hypercore-storage that this package and its users work around. When a test here fails after an upgrade, the fault is
// mended: then the workaround that it names goes.
import Corestore6 from 'corestore-6'
import Hypercore from 'hypercore'
import HypercoreStorage from 'hypercore-storage'
import { expect, test } from 'vitest'
import { directory as emptyDirectory, later } from '../live.js'

function openStorage(directory: string): InstanceType<typeof HypercoreStorage> {
  const storage = new HypercoreStorage(directory)
  later(() => storage.close().catch(() => {})) // one that could not open does not close either
  return storage
}

test('hypercore-storage fails for a Corestore 6 directory with a core (directory-storage.ts)', async () => {
  const directory = await emptyDirectory()
  const store = new Corestore6(directory)
  await store.get({ name: 'a' }).append('block')
  await store.close()
  const opened = openStorage(directory).ready()
  await expect(opened).rejects.toThrow("Cannot read properties of undefined (reading 'cores')")
})

test('the audit of Hypercore removes a node of the tree together with a damaged one below it (audit-tree.ts)', async () => {
  const core = new Hypercore(openStorage(await emptyDirectory()))
  await core.append(['a', 'b', 'c', 'd'])
  const { storage } = core.core ?? {}
  if (!storage) throw new Error('The core is open')
  const damage = storage.write()
  damage.deleteTreeNode(0)
  await damage.flush()
  await core.core?.audit()
  const reads = storage.read()
  const parent = reads.getTreeNode(1)
  reads.tryFlush()
  expect(await parent).toBeNull()
})

test('deleteCore leaves the name of a core and its entries in a group (delete-core.ts)', async () => {
  const storage = openStorage(await emptyDirectory())
  const alias = { name: 'a', namespace: Buffer.alloc(32, 1) }
  const topic = Buffer.alloc(32, 2)
  const core = Hypercore.createCore(storage, { alias, group: topic })
  const session = new Hypercore(null, { core })
  await session.append('block')
  await core.purge()
  expect(await storage.getAlias(alias)).toEqual(core.discoveryKey)
  const group = await storage.getGroup(topic)
  const entries: unknown[] = []
  for await (const key of storage.createGroupUpdateStream(group ?? 0)) entries.push(key)
  expect(entries).toEqual([core.key])
})
