// The storage that a store lives on: the interface that callers implement. The adapter over it is in disk.ts.

/**
 * The part of a storage that a store uses: the methods of a `random-access-storage` (`random-access-memory`,
 * `random-access-file`, …). Callbacks may be called before the method returns or later, in any order.
 *
 * `open`, `close` and `suspend` are optional. `open` is called only if the storage has no property `opened`. Every
 * `random-access-storage` has that property: it opens itself on the first call, and that call decides whether a file is created.
 */
export interface RandomAccessStorage {
  /** Calls back with exactly `size` bytes, or with an error. */
  read(offset: number, size: number, callback: (error: Error | null, data?: Uint8Array) => void): void
  /** Writes `data` at `offset`, and extends the storage if needed. `offset` is never greater than the length. */
  write(offset: number, data: Uint8Array, callback: (error: Error | null) => void): void
  /** Called before anything else. */
  open?(callback: (error: Error | null) => void): void
  /** Called when the store closes. */
  close?(callback: (error: Error | null) => void): void
  /**
   * Calls back with the length in bytes. Without `stat` (or with `statable: false`), a read past the end must fail with the code `ENOENT`
   * or `EPARTIALREAD`, or with the message "Could not satisfy length" of `random-access-memory`. Any other error counts as a failed read,
   * not as the end of the storage. With `stat`, one of these three errors means that the storage was cut off.
   */
  stat?(callback: (error: Error | null, stat?: { size: number }) => void): void
  /** Shortens the storage to `offset` bytes. Without it (or with `truncatable: false`), the storage never shrinks. */
  truncate?(offset: number, callback: (error: Error | null) => void): void
  /** Releases resources, such as a file descriptor, until the next call. */
  suspend?(callback: (error: Error | null) => void): void
  /**
   * Calls back once everything written before is safe from a power cut. Without `sync`, the file descriptor `fd` is synced. Without `fd`
   * either, a write counts as safe when it calls back.
   */
  sync?(callback: (error: Error | null) => void): void
  readonly opened?: boolean
  readonly statable?: boolean
  readonly truncatable?: boolean
  readonly filename?: string
  readonly fd?: number
  /**
   * Whether the storage neither keeps nor changes the bytes that it is called with, and does not keep the bytes that it returns. If this
   * is not `true`, all bytes are copied in both directions.
   */
  readonly isolated?: boolean
  /** The page size of `random-access-memory`, in bytes. */
  readonly pageSize?: number
}

/** A value, or a promise of it. */
export type Maybe<T> = T | Promise<T>
