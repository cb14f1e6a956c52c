// The storage argument and its options, and their checks: all that can be told before anything is opened.
import { resolve } from 'node:path'
import type { CorestoreStorage } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import HypercoreStorage from 'hypercore-storage'

/** What a storage can be made of: the path of a directory, or a `hypercore-storage` instance. */
export type StorageArgument = string | CorestoreStorage

/** How a storage is opened. Of an instance, `readOnly` and `primaryKey` count; the rest is for a directory. */
export interface StorageOptions {
  /**
   * 32 bytes: the storage's primary key if it holds none yet. One that holds another is not opened, and nothing
   * in it changes. Default: the one it holds, or a random one.
   */
  readonly primaryKey?: Uint8Array | null | undefined
  /** The engine of a directory. Default: `'rocksdb'`. */
  readonly engine?: 'rocksdb' | undefined
  /**
   * Nothing is written, and no lock is taken: what another store writes meanwhile is not seen. The directory has
   * to hold a store. Default: `false`.
   */
  readonly readOnly?: boolean | undefined
  /**
   * Names the device, up to 256 characters in one line. A directory made with an `id` opens with that one or none.
   * Default: none.
   */
  readonly id?: string | null | undefined
  /**
   * Wait while another store has the directory open, instead of failing. Has no effect together with `readOnly` or
   * `allowBackup`, which do not take the lock that is waited for. Default: `false`.
   */
  readonly wait?: boolean | undefined
  /**
   * Open a directory even if it was copied or moved from where it was made. Only if no other copy will be written
   * again. Default: `false`.
   */
  readonly allowBackup?: boolean | undefined
  /**
   * The cache of Merkle tree nodes: how many nodes at most (default 8192), and after how many milliseconds they go
   * (default: never).
   */
  readonly treeCache?:
    | { readonly maxSize?: number | undefined; readonly maxAge?: number | undefined }
    | null
    | undefined
}

/** The error of an argument that is not accepted. */
export function badArgument(message: string): TypeError & { readonly code: 'BAD_ARGUMENT' } {
  return Object.assign(new TypeError(message), { code: 'BAD_ARGUMENT' as const })
}

/** The directory that the argument is the path of, absolute, or the instance that it is. Throws a `TypeError`. */
export function readArgument(argument: unknown): StorageArgument {
  if (HypercoreStorage.isCoreStorage(argument)) return argument
  if (typeof argument === 'string' && argument !== '' && !argument.includes('\0')) return resolve(argument)
  throw badArgument(
    `storage must be the path of a directory, a string, or a hypercore-storage instance, not ${describe(argument)}`,
  )
}

/** Checks what would otherwise fail late, or harm the directory. Throws a `TypeError`. */
export function checkOptions(options: StorageOptions): void {
  const { engine, primaryKey, id, treeCache } = options
  if (engine !== undefined && engine !== 'rocksdb') {
    throw badArgument(`engine must be 'rocksdb', not ${describe(engine)}`)
  }
  if (primaryKey && !(b4a.isBuffer(primaryKey) && primaryKey.byteLength === 32)) {
    throw badArgument(`primaryKey must be a Uint8Array of 32 bytes, not ${describe(primaryKey)}`)
  }
  // The device file keeps it in a line of text, of which it reads 4096 bytes and trims the ends.
  if (id !== undefined && id !== null && !(typeof id === 'string' && /^\S(?:.{0,254}\S)?$/.test(id))) {
    throw badArgument(
      `id must be 1 to 256 characters in one line, without space around it, not ${describe(id)}`,
    )
  }
  const { maxSize, maxAge } = treeCache ?? {}
  for (const [name, value] of Object.entries({ maxSize, maxAge })) {
    if (value !== undefined && !(typeof value === 'number' && value > 0)) {
      throw badArgument(`treeCache.${name} must be a number above 0, not ${describe(value)}`)
    }
  }
}

/** What a value is, never what it holds: it may be a key. */
function describe(value: unknown): string {
  if (value === undefined || value === null) return String(value)
  if (b4a.isBuffer(value)) return `a Uint8Array of ${value.byteLength} bytes`
  if (value === '') return 'an empty string'
  if (typeof value === 'string') return `a string of ${value.length} characters`
  return typeof value === 'object' ? 'another object' : `a ${typeof value}`
}
