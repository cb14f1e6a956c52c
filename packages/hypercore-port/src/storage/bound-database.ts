// What hypercore-storage 3.3 reads of a database that is no RocksDB, in addition to RocksDB's documented session API: `_state.closing`,
// whether `_index` is -1, and whether `_snapshot` is `null` (lib/view.js, index.js).

/** A session of a database that hypercore-storage binds to. */
export abstract class BoundDatabase {
  /** The closing of the database, which all of its sessions share; `null` before. */
  abstract get closing(): Promise<void> | null
  /** Whether this session is closed. */
  protected abstract get ended(): boolean
  /** Whether this session shows the database as it was. */
  abstract get snapshotted(): boolean

  get _state(): { readonly closing: Promise<void> | null } {
    return this // hypercore-storage asks at each read: nothing is made for that
  }

  get _index(): number {
    return this.ended ? -1 : 0
  }

  get _snapshot(): object | null {
    return this.snapshotted ? this : null
  }
}
