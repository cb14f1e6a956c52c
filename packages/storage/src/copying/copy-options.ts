// The options of a copy, and their checks before anything is opened.
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { namedDirectory } from '../argument/named-directory.js'
import { fileDirectoryOf } from '../argument/ready-made-storages.js'
import type { StorageArgument } from '../argument/storage-argument.js'
import type { StorageOptions } from '../argument/storage-options.js'
import { badArgument, describe, refuseMisspelled } from '../errors/bad-argument.js'

/** The progress of a copy. The counts start at 0 in each phase. */
export interface CopyProgress {
  /** `'copying'`, then `'checking'`, in which both storages are read and compared. */
  readonly phase: 'copying' | 'checking'
  /** How many records are done. */
  readonly entries: number
  /** Bytes of their keys and values. */
  readonly bytes: number
  /** How many cores were counted so far. The records that list the cores come before the contents of all cores. */
  readonly cores: number
}

/** The result of a copy. */
export interface Copied {
  /** How many records both storages have now. */
  readonly entries: number
  /** Bytes of their keys and values. */
  readonly bytes: number
  readonly cores: number
  /** How many records this call wrote. The rest was written by an earlier call that was interrupted. */
  readonly written: number
}

/** The part of an `AbortSignal` that a copy uses, so that programs without the types of Node.js or a browser compile. */
export interface CopySignal {
  /** Throws the reason of the signal, if it is aborted. */
  throwIfAborted(): void
}

/** The options of a copy. */
export interface CopyOptions {
  /** The options of `storageEngine` that the destination is opened with. */
  readonly to?: Pick<StorageOptions, 'engine' | 'randomAccess' | 'id'> | undefined
  /** How many bytes of records are written in one batch, which is also about how much memory a copy takes. Default: 4 MiB. */
  readonly batchSize?: number | undefined
  /** Interrupts the copy, which rejects with the reason of the signal. */
  readonly signal?: CopySignal | undefined
}

/** The options of a backup. */
export interface BackupOptions extends CopyOptions {
  /** Called after each batch. If it throws, the copy is interrupted and rejects with that error. */
  readonly onProgress?: ((progress: CopyProgress) => void) | undefined
}

const OF_DESTINATION: readonly (keyof NonNullable<CopyOptions['to']>)[] = ['engine', 'randomAccess', 'id']

const DEFAULT_BATCH_SIZE = 4 * 1024 * 1024

/** The batch size of a copy, and its progress callback. */
export interface Pace {
  readonly batchSize: number
  /** Called after each batch. It throws to stop the copy. */
  readonly report: (progress: CopyProgress) => void
}

/** Checks the arguments of a backup. Throws a `TypeError` with the code `BAD_ARGUMENT`. @param directory the store's; `null` for none */
export function checkBackup(
  directory: string | null,
  to: StorageArgument,
  options: BackupOptions,
  closing?: CopySignal,
): Pace {
  if (typeof options !== 'object' || options === null) {
    throw badArgument(`options must be an object, not ${describe(options)}`)
  }
  refuseMisspelled(options, ['to', 'batchSize', 'signal', 'onProgress'])
  if (directory !== null && isSameDirectory(directory, to)) {
    throw badArgument('a store cannot be backed up into itself: choose another destination')
  }
  const { batchSize, report } = checkCopy(options, 'onProgress', options.onProgress)
  return {
    batchSize,
    report: (state) => {
      closing?.throwIfAborted()
      report(state)
    },
  }
}

/**
 * Checks the options that every copy has. Throws a `TypeError` with the code `BAD_ARGUMENT`.
 *
 * @param name the name of the callback option, for messages
 * @param progress the value of that option
 */
export function checkCopy(options: CopyOptions, name: string, progress: unknown): Pace {
  const { batchSize = DEFAULT_BATCH_SIZE, signal } = options
  for (const option of OF_DESTINATION) {
    if (option in options) throw badArgument(`${option} is an option of the destination: to: { ${option} }`)
  }
  if (!(typeof batchSize === 'number' && batchSize > 0)) {
    throw badArgument(`batchSize must be a number of bytes above 0, not ${describe(batchSize, 'number')}`)
  }
  if (progress !== undefined && typeof progress !== 'function') {
    throw badArgument(`${name} must be a function, not ${describe(progress)}`)
  }
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    throw badArgument(`signal must be an AbortSignal, not ${describe(signal)}`)
  }
  const report = (state: CopyProgress): void => {
    progress?.(state)
    signal?.throwIfAborted()
  }
  return { batchSize, report }
}

/** Whether two storage arguments name the same directory. */
export function isSameDirectory(from: StorageArgument, to: StorageArgument): boolean {
  const [source, destination] = [pathOf(from), pathOf(to)]
  return source !== undefined && destination !== undefined && realPath(source) === realPath(destination)
}

function pathOf(argument: StorageArgument): string | undefined {
  if (typeof argument === 'function') return fileDirectoryOf(argument)?.directory
  return namedDirectory(argument) ?? undefined
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path) // it does not exist
  }
}
