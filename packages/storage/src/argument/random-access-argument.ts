// Storage arguments of the engine 'random-access': turns a class or a function into a random-access-storage, or throws an error that says
// what is wrong with it.
import type { RandomAccessStorage } from '@coreyard/random-access-kv'
import { badArgument, describe } from '../errors/bad-argument.js'

/** The only file of the engine `'random-access'` in a directory, and the name that a storage function is called with. */
export const STORE_FILE = 'store.kv'

/**
 * A class of storages, such as `random-access-memory`. It is constructed at once with the name of the store's only file, `store.kv`. If
 * that storage is empty when it opens, the class is also constructed with the names of the files of other stores, to read their sizes.
 */
export type RandomAccessClass = new (path: string) => RandomAccessStorage

/**
 * Makes the storage of a file. It is called at once with `store.kv`, the name of the store's only file. If that storage is empty when it
 * opens, the function is also called with the names of the files of other stores, to read their sizes.
 */
export type RandomAccessFunction = (path: string) => RandomAccessStorage

/** Makes the storage of a path. Throws a `TypeError` with the code `BAD_ARGUMENT`. */
export function makeStorage(argument: object, path = STORE_FILE): RandomAccessStorage {
  const isClass = isStorage(Reflect.get(argument, 'prototype'))
  if (!isClass && /^class\b/.test(Function.prototype.toString.call(argument))) {
    throw badArgument(
      'storage must be the path of a directory, a class of random-access-storage, a function that makes one, or a ' +
        'hypercore-storage instance, not a class without the methods read and write',
    )
  }
  const kind = isClass ? 'class' : 'function'
  const made = attempt(kind, path, () =>
    isClass ? new (argument as RandomAccessClass)(path) : (argument as RandomAccessFunction)(path),
  )
  if (isStorage(made)) {
    if (isClass && path === STORE_FILE && Reflect.get(made, 'filename') === path)
      throw inWorkingDirectory(path)
    return made
  }
  throw badArgument(
    `storage is a ${kind} that made ${describe(made)} of '${path}': ` +
      'it must make a random-access-storage, with the methods read and write, and at once',
  )
}

/** `random-access-file` uses the name as a path. */
function inWorkingDirectory(path: string): TypeError {
  return badArgument(
    `storage is a class that would write '${path}' into the working directory: give the path of a directory with ` +
      "{ engine: 'random-access' }, or a function such as (path) => new RandomAccessFile(path, { directory: './my-app' })",
  )
}

function attempt(kind: string, path: string, make: () => unknown): unknown {
  try {
    return make()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw badArgument(`storage is a ${kind} that failed for '${path}': ${reason}`, cause)
  }
}

/** Whether a value has the methods that a store needs. */
export function isStorage(value: unknown): value is RandomAccessStorage {
  if (typeof value !== 'object' || value === null) return false
  return typeof Reflect.get(value, 'read') === 'function' && typeof Reflect.get(value, 'write') === 'function'
}
