// What an app keeps beside the cores of a store, in three column families.
import type { CorestoreStorage, StorageDatabase } from '@coreyard/hypercore-types'
import Hypercore from 'hypercore'
import { expect } from 'vitest'

export async function put(session: StorageDatabase, key: string, value: string): Promise<void> {
  const batch = session.write()
  batch.tryPut(Buffer.from(key), Buffer.from(value))
  await batch.flush()
  batch.destroy()
}

export async function entriesOf(session: StorageDatabase): Promise<Record<string, string>> {
  const entries: Record<string, string> = {}
  for await (const { key, value } of session.iterator()) {
    entries[Buffer.from(key).toString()] = Buffer.from(value).toString()
  }
  return entries
}

/** What an app keeps beside the cores, in three families. */
export async function fill(storage: CorestoreStorage): Promise<void> {
  const [app, longer, unnamed] = sessionsOf(storage)
  await Promise.all([app, longer, unnamed].map((session) => session.ready()))
  await put(app, 'a', 'of app')
  await put(app, '\u0000', 'first')
  await put(longer, 'a', 'of apps')
  await put(unnamed, 'a', 'of no name')
  await put(app, 'removed', 'x')
  const batch = app.write()
  batch.tryDeleteRange(Buffer.from('r'), Buffer.from('s'))
  await batch.flush()
  batch.destroy()
  for (const session of [app, longer, unnamed]) await session.close()
  const core = new Hypercore(storage)
  await core.append('block')
  await core.close() // with the storage
}

export function sessionsOf({ rocks }: CorestoreStorage): [StorageDatabase, StorageDatabase, StorageDatabase] {
  return [rocks.columnFamily('app'), rocks.columnFamily('apps'), rocks.session()]
}

export async function expectFilled(storage: CorestoreStorage): Promise<void> {
  const sessions = sessionsOf(storage)
  await storage.ready()
  const found = await Promise.all(sessions.map(entriesOf))
  // The mark of the store is in the family `default`, too.
  expect(found.map(({ 'coreyard/open': _, ...entries }) => entries)).toEqual([
    { '\u0000': 'first', a: 'of app' },
    { a: 'of apps' },
    { a: 'of no name' },
  ])
  for (const session of sessions) await session.close()
  const cores: unknown[] = []
  for await (const core of storage.createCoreStream()) cores.push(core)
  expect(cores).toHaveLength(1)
}
