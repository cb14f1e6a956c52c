// A database with all of its column families as one sequence of records, in the layout of database/key-space.ts: the records of the
// store, and after them those that other programs keep beside it in families of their own.
import type {
  DatabaseBatchOptions,
  DatabaseEntry,
  DatabaseRange,
  DatabaseWriteBatch,
  StorageDatabase,
} from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { KeySpace } from '../database/key-space.js'

/** What a conversion does with a database. */
export type CopiedDatabase = Pick<
  StorageDatabase,
  'ready' | 'read' | 'write' | 'iterator' | 'snapshot' | 'flush' | 'close'
>

/** A family beside that of the store. */
interface Family {
  readonly keys: KeySpace
  readonly session: StorageDatabase
}

export class AllFamilies implements CopiedDatabase {
  readonly #store: StorageDatabase
  /** In the order of their keys. */
  readonly #families: readonly Family[]

  private constructor(store: StorageDatabase, families: readonly Family[]) {
    this.#store = store
    this.#families = families
  }

  /**
   * @param store the session of the store's family; RocksDB must not have opened yet
   * @param root the first session of the database
   * @param names of the other families
   */
  static of(store: StorageDatabase, root: StorageDatabase, names: Iterable<string>): AllFamilies {
    const families = Array.from(names, (name) => ({
      keys: KeySpace.of(name),
      session: name === 'default' ? root.session() : root.columnFamily(name),
    }))
    return new AllFamilies(
      store,
      families.sort((a, b) => b4a.compare(a.keys.prefix, b.keys.prefix)),
    )
  }

  ready(): Promise<void> {
    return this.#store.ready()
  }

  read(options?: DatabaseBatchOptions): ReturnType<StorageDatabase['read']> {
    return this.#store.read(options)
  }

  write(options?: DatabaseBatchOptions): DatabaseWriteBatch {
    const batch = this.#store.write(options)
    const others = new Map<Family, DatabaseWriteBatch>()
    const batchOf = (family: Family) => {
      const other = others.get(family) ?? family.session.write(options)
      others.set(family, other)
      return other
    }
    const route = (key: Uint8Array, run: (to: DatabaseWriteBatch, key: Uint8Array) => void) => {
      const family = this.#families.find(({ keys }) => keys.has(key))
      if (family === undefined) run(batch, key)
      else run(batchOf(family), family.keys.ownKey(key))
    }
    return {
      tryPut: (key, value) => route(key, (to, own) => to.tryPut(own, value)),
      tryDelete: (key) => route(key, (to, own) => to.tryDelete(own)),
      tryDeleteRange: (start, end) => batch.tryDeleteRange(start, end),
      flush: () => Promise.all([batch, ...others.values()].map((each) => each.flush())),
      destroy: () => {
        for (const each of [batch, ...others.values()]) each.destroy()
      },
    }
  }

  async *iterator(range?: DatabaseRange): AsyncGenerator<DatabaseEntry> {
    yield* this.#store.iterator(range)
    for (const { keys, session } of this.#families) {
      for await (const { key, value } of session.iterator()) yield { key: keys.key(key), value }
    }
  }

  snapshot(): StorageDatabase {
    const families = this.#families.map(({ keys, session }) => ({ keys, session: session.snapshot() }))
    return new AllFamilies(this.#store.snapshot(), families) as CopiedDatabase as StorageDatabase
  }

  flush(): Promise<unknown> {
    return this.#store.flush()
  }

  async close(): Promise<void> {
    for (const session of [this.#store, ...this.#families.map((family) => family.session)])
      await session.close()
  }
}
