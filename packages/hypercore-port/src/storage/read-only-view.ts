// A read-only view of a hypercore-storage instance that is passed in. Other users of the instance can still write, so a view of it refuses
// the writes.
import type { CorestoreStorage, DatabaseWriteBatch, StorageDatabase } from '@coreyard/hypercore-types'

/** Returns a view of a storage that rejects each write with the error of `refuse`. Closing the view closes the instance. */
export function readOnlyView(storage: CorestoreStorage, refuse: () => Error): CorestoreStorage {
  const migrate: unknown = Reflect.get(storage, '_migrateStore')
  const view: CorestoreStorage = Object.create(storage, {
    readOnly: { value: true },
    // Every read calls this first. In an empty storage it would write the head.
    _migrateStore: {
      value: async () => {
        await storage.db.ready()
        if (typeof migrate === 'function' && !(await isEmpty(storage.db)))
          await Reflect.apply(migrate, view, [])
      },
    },
    db: { value: readOnlyDatabase(storage.db, refuse) },
    rocks: { value: readOnlyDatabase(storage.rocks, refuse) },
  })
  return view
}

async function isEmpty(database: StorageDatabase): Promise<boolean> {
  for await (const _ of database.iterator({ limit: 1 })) return false
  return true
}

/** Members of a database that return another session of it. */
const SESSIONS: ReadonlySet<PropertyKey> = new Set(['session', 'snapshot', 'columnFamily'])

function readOnlyDatabase(database: StorageDatabase, refuse: () => Error): StorageDatabase {
  return new Proxy(database, {
    get(target, name) {
      if (name === 'write') return () => refusingBatch(refuse)
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      if (!SESSIONS.has(name)) return member.bind(target)
      return (...args: unknown[]) => readOnlyDatabase(Reflect.apply(member, target, args), refuse)
    },
  })
}

/** Accepts all writes, and fails when it is flushed, like a batch of a read-only database. */
function refusingBatch(refuse: () => Error): DatabaseWriteBatch {
  const take = () => {}
  return {
    tryPut: take,
    tryDelete: take,
    tryDeleteRange: take,
    destroy: take,
    flush: () => Promise.reject(refuse()),
  }
}
