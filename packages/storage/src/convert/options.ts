// What `convert` is told, and the checks of it: all that can be told before anything is opened.
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { badArgument, describe, refuseMisspelled } from '../bad-argument.js'
import type { StorageArgument, StorageOptions } from '../options.js'
import { fileDirectoryOf } from '../ready-made-storages.js'

/** How far a conversion is. Counts begin anew with each phase. */
export interface ConvertProgress {
  /** `'copying'`, then `'checking'`: both sides are read and compared. */
  readonly phase: 'copying' | 'checking'
  /** Records that are done. */
  readonly entries: number
  /** Bytes of their keys and values. */
  readonly bytes: number
  /** How many cores are among them. Their contents come after all of them. */
  readonly cores: number
}

/** What was converted. */
export interface Converted {
  /** Records, all of which are in both storages now. */
  readonly entries: number
  /** Bytes of their keys and values. */
  readonly bytes: number
  readonly cores: number
  /** How many of the records this call has written; the others were there from one that was interrupted. */
  readonly written: number
}

/** What is needed of an `AbortSignal`, whose type a consumer without the types of Node.js or the browser does not have. */
export interface ConvertSignal {
  /** Throws the signal's reason, once it is aborted. */
  throwIfAborted(): void
}

/** Keys or discovery keys of cores, 32 bytes each, or what gives them for the primary key of the store. */
export type CoreKeys = Iterable<Uint8Array> | ((primaryKey: Uint8Array) => Iterable<Uint8Array>)

/** How a store is copied. */
export interface CopyOptions {
  /** How the destination is opened, as `storageEngine` takes it. */
  readonly to?: Pick<StorageOptions, 'engine' | 'randomAccess' | 'id'> | undefined
  /** Bytes of records that are written together, about as much as is held in memory at a time. Default: 4 MiB. */
  readonly batchSize?: number | undefined
  /** Interrupts the copy, which rejects with the signal's reason. */
  readonly signal?: ConvertSignal | undefined
}

/** How an open store is copied. */
export interface BackupOptions extends CopyOptions {
  /** Called after each batch. What it throws interrupts the copy. */
  readonly onProgress?: ((progress: ConvertProgress) => void) | undefined
}

/** How a store is converted. */
export interface ConvertOptions extends CopyOptions {
  /** How the source is opened, as `storageEngine` takes it. Nothing in it changes. */
  readonly from?: Pick<StorageOptions, 'engine' | 'randomAccess' | 'id' | 'allowBackup'> | undefined
  /**
   * Makes a source that is a class or function one of Corestore 6, with a file for each path: `primary-key`, and those in `cores/`.
   * It cannot be listed, so these are the cores that are converted. In a directory, such a store and its cores are found.
   */
  readonly cores?: CoreKeys | undefined
  /** Called after each batch. What it throws interrupts the conversion. */
  readonly progress?: ((progress: ConvertProgress) => void) | undefined
}

const DEFAULT_BATCH_SIZE = 4 * 1024 * 1024

/** How a conversion goes on: by how much at a time, and whom it tells. */
export interface Pace {
  readonly batchSize: number
  /** Throws if the conversion is to stop. */
  readonly report: (progress: ConvertProgress) => void
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
  return checkPace(options, 'progress', progress)
}

/** Checks the arguments of a backup. Throws a `TypeError` with the code `BAD_ARGUMENT`. @param directory of the store, if it is in one */
export function checkBackup(
  directory: string | null,
  to: StorageArgument,
  options: BackupOptions,
  closing?: ConvertSignal,
): Pace {
  if (typeof options !== 'object' || options === null) {
    throw badArgument(`options must be an object, not ${describe(options)}`)
  }
  refuseMisspelled(options, ['to', 'batchSize', 'signal', 'onProgress'])
  if (directory !== null && isSameDirectory(directory, to)) {
    throw badArgument('a store cannot be backed up into itself: choose another destination')
  }
  const { batchSize, report } = checkPace(options, 'onProgress', options.onProgress)
  return {
    batchSize,
    report: (state) => {
      closing?.throwIfAborted()
      report(state)
    },
  }
}

function checkPace(
  { batchSize = DEFAULT_BATCH_SIZE, signal }: CopyOptions,
  name: string,
  progress: unknown,
): Pace {
  if (!(typeof batchSize === 'number' && batchSize > 0)) {
    throw badArgument(`batchSize must be a number of bytes above 0, not ${describe(batchSize, 'number')}`)
  }
  if (progress !== undefined && typeof progress !== 'function') {
    throw badArgument(`${name} must be a function, not ${describe(progress)}`)
  }
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    throw badArgument(`signal must be an AbortSignal, not ${describe(signal)}`)
  }
  const report = (state: ConvertProgress): void => {
    progress?.(state)
    signal?.throwIfAborted()
  }
  return { batchSize, report }
}

function isCoreKeys(cores: unknown): cores is CoreKeys {
  return (
    typeof cores === 'function' || (typeof cores === 'object' && cores !== null && Symbol.iterator in cores)
  )
}

function isSameDirectory(from: StorageArgument, to: StorageArgument): boolean {
  const [source, destination] = [pathOf(from), pathOf(to)]
  return source !== undefined && destination !== undefined && realPath(source) === realPath(destination)
}

function pathOf(argument: StorageArgument): string | undefined {
  return typeof argument === 'string' ? argument : fileDirectoryOf(argument)?.directory
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path) // it is not there
  }
}
