// A hypercore-storage instance that is handed in, of which a store only reads. The instance itself goes on writing for whoever else
// has it, so what refuses is a view of it.
import type { CorestoreStorage, DatabaseWriteBatch, StorageDatabase } from '@coreyard/hypercore-types'

/** The same storage, which rejects each write with the error of `refuse`. Closing it closes the instance. */
export function readOnlyView(storage: CorestoreStorage, refuse: () => Error): CorestoreStorage {
  const migrate: unknown = Reflect.get(storage, '_migrateStore')
  const view: CorestoreStorage = Object.create(storage, {
    readOnly: { value: true },
    // Everything that is read goes through this first. In an empty storage it would write the head.
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

/** Members of a database that give another session of it. */
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

/** Takes everything, and fails when it is to be written, as a batch of a read-only database does. */
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
