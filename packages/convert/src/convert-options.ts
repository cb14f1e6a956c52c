// What `convert` is told, and the checks of it: all that can be told before anything is opened.
import type { StorageArgument } from '@coreyard/storage'
import {
  badArgument,
  type CopyOptions,
  type CopyProgress,
  checkCopy,
  describe,
  isSameDirectory,
  type Pace,
  refuseMisspelled,
  type SourceOptions,
} from '@coreyard/storage/copying'

/** Keys or discovery keys of cores, 32 bytes each, or what gives them for the primary key of the store. */
export type CoreKeys = Iterable<Uint8Array> | ((primaryKey: Uint8Array) => Iterable<Uint8Array>)

/** How a store is converted. */
export interface ConvertOptions extends CopyOptions {
  /** How the source is opened, as `storageEngine` takes it. Nothing in it changes. */
  readonly from?: SourceOptions | undefined
  /**
   * Makes a source that is a class or function one of Corestore 6, with a file for each path: `primary-key`, and those in `cores/`.
   * It cannot be listed, so these are the cores that are converted. In a directory, such a store and its cores are found.
   */
  readonly cores?: CoreKeys | undefined
  /** Called after each batch. What it throws interrupts the conversion. */
  readonly progress?: ((progress: CopyProgress) => void) | undefined
}

/** Checks the arguments. Throws a `TypeError` with the code `BAD_ARGUMENT`. */
export function checkConvert(from: StorageArgument, to: StorageArgument, options: ConvertOptions): Pace {
  if (typeof options !== 'object' || options === null) {
    throw badArgument(`options must be an object, not ${describe(options)}`)
  }
  refuseMisspelled(options, ['from', 'to', 'batchSize', 'signal', 'cores', 'progress'])
  const { cores, progress, from: source = {} } = options
  if (typeof source !== 'object' || source === null) {
    throw badArgument(`from must be an object, not ${describe(source)}`)
  }
  if (from === to || isSameDirectory(from, to)) {
    throw badArgument('a store cannot be converted into itself: choose another destination')
  }
  if (cores !== undefined && !(isCoreKeys(cores) && typeof from === 'function')) {
    throw badArgument(
      'cores must be keys, in something iterable or from a function, and only where the source is a class or function',
    )
  }
  return checkCopy(options, 'progress', progress)
}

function isCoreKeys(cores: unknown): cores is CoreKeys {
  return (
    typeof cores === 'function' || (typeof cores === 'object' && cores !== null && Symbol.iterator in cores)
  )
}
