// A database with all of its column families as one sequence of records, in the layout of database/key-space.ts. The records of the
// store come first. The families of other programs follow.
import type {
  DatabaseBatchOptions,
  DatabaseEntry,
  DatabaseRange,
  DatabaseWriteBatch,
  StorageDatabase,
} from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { KeySpace } from '../database/key-space.js'

/** The part of a database that a copy uses. */
export interface CopiedDatabase
  extends Pick<StorageDatabase, 'ready' | 'read' | 'write' | 'iterator' | 'flush' | 'close'> {
  snapshot(): CopiedDatabase
}

/** A column family of other data, not that of the store. */
export interface Family {
  readonly name: string
  readonly session: StorageDatabase
}

/** A family, and the place of its keys among those of all families. */
interface PlacedFamily extends Family {
  readonly keys: KeySpace
}

export class AllFamilies implements CopiedDatabase {
  readonly #store: StorageDatabase
  /** In the order of their keys. */
  readonly #families: readonly PlacedFamily[]
  readonly #isSnapshot: boolean

  /**
   * @param store the session of the store's family
   * @param families the other families; `close` closes their sessions
   */
  constructor(store: StorageDatabase, families: readonly Family[], isSnapshot = false) {
    this.#store = store
    this.#isSnapshot = isSnapshot
    this.#families = families
      .map((family) => ({ ...family, keys: KeySpace.of(family.name) }))
      .sort((a, b) => b4a.compare(a.keys.prefix, b.keys.prefix))
  }

  ready(): Promise<void> {
    return this.#store.ready()
  }

  read(options?: DatabaseBatchOptions): ReturnType<StorageDatabase['read']> {
    return this.#store.read(options)
  }

  write(options?: DatabaseBatchOptions): DatabaseWriteBatch {
    const batch = this.#store.write(options)
    const others = new Map<PlacedFamily, DatabaseWriteBatch>()
    const batchOf = (family: PlacedFamily) => {
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

  /** Returns all families as they are at this moment. */
  snapshot(): AllFamilies {
    const store = this.#store.snapshot()
    // Sessions made from a snapshot show that snapshot.
    const families = this.#families.map(({ name }) => ({ name, session: store.columnFamily(name) }))
    return new AllFamilies(store, families, true)
  }

  flush(): Promise<unknown> {
    return this.#store.flush()
  }

  /** Closes the sessions of the families. For a snapshot, it closes the session of the store, too. */
  async close(): Promise<void> {
    for (const { session } of this.#families) await session.close()
    if (this.#isSnapshot) await this.#store.close()
  }
}
