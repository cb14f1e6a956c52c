// The options of a store: their names, defaults and checks.

import { MAX_PAGE_SIZE, MIN_PAGE_SIZE } from './checkpoint/meta.js'
import { CoreyardError } from './coreyard-error.js'
import { badArgument, KvError } from './errors.js'

/**
 * When acknowledged batches become safe from a power cut. (They survive a crash of the process as soon as they are acknowledged.)
 * - `'checkpoint'`: at the next checkpoint, or `sync()`.
 * - `'always'`: before they are acknowledged.
 * - a number: at most this many milliseconds later, up to 2,147,483,647.
 */
export type SyncPolicy = 'checkpoint' | 'always' | number

/** The options for creating and opening a store. */
export interface KvOptions {
  /** The size of a page in bytes, a power of two from 512 to 65,536. A store keeps the size it was created with. Default: 4096. */
  readonly pageSize?: number
  /** The size of the page cache in bytes. Default: 64 MiB. */
  readonly cacheSize?: number
  /** A checkpoint starts when the log has this many bytes. Default: 12 MiB. */
  readonly logSize?: number
  /** When acknowledged batches become safe from a power cut. Default: `'checkpoint'`. */
  readonly sync?: SyncPolicy
  /** Never write. The storage must hold a store, otherwise opening fails with `KV_NO_STORE`. Default: false. */
  readonly readOnly?: boolean
  /** Create a store if the storage is empty. With `false`, opening an empty storage fails with `KV_NO_STORE`. Default: true. */
  readonly createIfMissing?: boolean
  /** Fail with `KV_EXISTS` if the storage already holds a store. Default: false. */
  readonly errorIfExists?: boolean
}

/** The longest delay of a timer, in milliseconds. */
const MAX_DELAY = 0x7fff_ffff

export type Options = Required<KvOptions>

const DEFAULTS: Options = {
  pageSize: 4096,
  cacheSize: 64 * 1024 * 1024,
  logSize: 12 * 1024 * 1024,
  sync: 'checkpoint',
  readOnly: false,
  createIfMissing: true,
  errorIfExists: false,
}
const OPTIONS: ReadonlySet<string> = new Set(Object.keys(DEFAULTS))

export function checkOptions(options: KvOptions): Options {
  if (typeof options !== 'object' || options === null) throw badArgument('options', 'an object', options)
  const typo = CoreyardError.misspelled(options, OPTIONS)
  if (typo !== null) throw new KvError('KV_BAD_ARGUMENT', typo)
  const given = Object.entries(DEFAULTS).map(([name, value]) => [
    name,
    options[name as keyof KvOptions] ?? value,
  ])
  const checked = Object.fromEntries(given) as Options
  const { pageSize, cacheSize, logSize, sync } = checked
  const isPowerOfTwo = typeof pageSize === 'number' && Number.isInteger(Math.log2(pageSize))
  if (!isPowerOfTwo || pageSize < MIN_PAGE_SIZE || pageSize > MAX_PAGE_SIZE) {
    throw badArgument('pageSize', `a power of two from ${MIN_PAGE_SIZE} to ${MAX_PAGE_SIZE}`, pageSize)
  }
  if (!(typeof cacheSize === 'number' && cacheSize >= 0))
    throw badArgument('cacheSize', 'a number of bytes', cacheSize)
  if (!(typeof logSize === 'number' && logSize > 0))
    throw badArgument('logSize', 'a positive number of bytes', logSize)
  if (
    sync !== 'checkpoint' &&
    sync !== 'always' &&
    !(typeof sync === 'number' && sync >= 0 && sync <= MAX_DELAY)
  ) {
    throw badArgument(
      'sync',
      `'checkpoint', 'always' or a number of milliseconds up to ${MAX_DELAY}`,
      sync,
      'word',
    )
  }
  for (const [name, value] of Object.entries(checked)) {
    const isBoolean = typeof DEFAULTS[name as keyof Options] === 'boolean'
    if (isBoolean && typeof value !== 'boolean') throw badArgument(name, 'true or false', value)
  }
  return checked
}
