// The members of a database that hypercore-storage 3.3 reads in addition to RocksDB's documented session API: `_state.closing`, whether
// `_index` is -1, and whether `_snapshot` is `null` (lib/view.js, index.js).

/** A session of a database for hypercore-storage. */
export abstract class BoundDatabase {
  /** The promise that the database closes, shared by all of its sessions; `null` until it begins to close. */
  abstract get closing(): Promise<void> | null
  /** Whether this session is closed. */
  protected abstract get ended(): boolean
  /** Whether this session shows the database as it was when the session was made. */
  abstract get snapshotted(): boolean

  get _state(): { readonly closing: Promise<void> | null } {
    return this // hypercore-storage reads it at each read, so no object is created
  }

  get _index(): number {
    return this.ended ? -1 : 0
  }

  get _snapshot(): object | null {
    return this.snapshotted ? this : null
  }
}
