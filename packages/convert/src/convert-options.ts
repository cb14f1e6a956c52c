// The arguments of `convert`, and the checks that are possible before anything is opened.
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

/** Keys or discovery keys of cores (32 bytes each), or a function that returns them, given the primary key of the store (32 bytes). */
export type CoreKeys = Iterable<Uint8Array> | ((primaryKey: Uint8Array) => Iterable<Uint8Array>)

/** The options of `convert`. */
export interface ConvertOptions extends CopyOptions {
  /** The options with which the source is opened, as for `storageEngine`. Nothing in it changes. */
  readonly from?: SourceOptions | undefined
  /**
   * Set this if the source is a class or function that makes the storages of a Corestore 6 store, one for each path (`primary-key`, and the
   * files under `cores/`). Such storages cannot be listed, so only the cores given here are converted. It is not needed for a directory,
   * where the store and its cores are found.
   */
  readonly cores?: CoreKeys | undefined
  /** Called after each batch. An error that it throws interrupts the conversion, which rejects with it. */
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
