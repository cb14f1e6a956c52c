// The storage that a store lives on: the interface that callers implement. The adapter over it is in disk.ts.

/**
 * What a store needs of a storage: the methods of a `random-access-storage` (`random-access-memory`,
 * `random-access-file`, …). Callbacks may be called before the method returns or later, in any order.
 *
 * `open`, `close` and `suspend` are called if they are there; `open` only on storages that have no `opened`: those that have
 * it, as every `random-access-storage` does, open themselves, and decide by what is called whether to make a file.
 */
export interface RandomAccessStorage {
  /** Gives exactly `size` bytes, or an error. */
  read(offset: number, size: number, callback: (error: Error | null, data?: Uint8Array) => void): void
  /** Makes the storage longer if it has to. It never begins behind the end. */
  write(offset: number, data: Uint8Array, callback: (error: Error | null) => void): void
  /** Called before anything else. */
  open?(callback: (error: Error | null) => void): void
  /** Called when the store closes. */
  close?(callback: (error: Error | null) => void): void
  /**
   * Gives the length. Without it (or with `statable: false`), a read past the end must give an error with the code `ENOENT` or
   * `EPARTIALREAD`, or the message of `random-access-memory`: "Could not satisfy length". Any other error is one: what could not be read
   * is never taken for what is not there. With it, too, such an error says that what was written has been cut off.
   */
  stat?(callback: (error: Error | null, stat?: { size: number }) => void): void
  /** Makes it shorter. Without it (or with `truncatable: false`), the storage never shrinks. */
  truncate?(offset: number, callback: (error: Error | null) => void): void
  /** Gives back what it holds until it is used again. */
  suspend?(callback: (error: Error | null) => void): void
  /**
   * Calls back once everything written before is safe from a power cut. Without it, a numeric `fd` is synced; without that, a write is
   * taken to be safe once it has called back.
   */
  sync?(callback: (error: Error | null) => void): void
  readonly opened?: boolean
  readonly statable?: boolean
  readonly truncatable?: boolean
  readonly filename?: string
  readonly fd?: number
  /**
   * Whether the storage neither keeps nor changes the bytes that it is given, and gives only bytes that it does not keep. What goes in
   * and out is copied otherwise.
   */
  readonly isolated?: boolean
  /** Bytes of a page of `random-access-memory`. */
  readonly pageSize?: number
}

/** A value that is there already, or a promise of it. */
export type Maybe<T> = T | Promise<T>
