// The error class of all packages, and the copies of it.

import { readFileSync } from 'node:fs'
import { Keychain, KeychainError } from '@coreyard/keychain'
import { KvError, RandomAccessKV } from '@coreyard/random-access-kv'
import { RandomAccessLevel } from '@coreyard/random-access-kv/level'
import { opfsStorage } from '@coreyard/random-access-opfs'
import { AllToAllReplicator, ReplicatorError } from '@coreyard/replicator'
import { Pool, PoolError } from '@coreyard/sessions'
import RAM from 'random-access-memory'
import { expect, test } from 'vitest'
import { CoreyardError } from '../../../sessions/src/coreyard-error.js'
import {
  Corestore,
  CorestoreError,
  memoryStorage,
  CoreyardError as Ours,
  StorageError,
} from '../../src/index.js'

const PACKAGES = ['keychain', 'sessions', 'replicator', 'random-access-kv']

/** What a call throws. */
function thrownBy(call: () => unknown): unknown {
  try {
    return expect.fail(`it did not throw, it gave ${call()}`)
  } catch (error) {
    return error
  }
}

const storageError = async () => {
  const store = new Corestore(memoryStorage(), { readOnly: true })
  const error = await store.ready().catch((rejection) => rejection)
  await store.close()
  return error
}

const errors: [string, () => unknown, abstract new (...args: never[]) => Error][] = [
  ['Keychain.from', () => thrownBy(() => Keychain.from(new Uint8Array(1))), KeychainError],
  ['new Pool', () => thrownBy(() => new Pool({} as never, { maxIdle: -1 })), PoolError],
  ['new RandomAccessKV', () => thrownBy(() => new RandomAccessKV(null as never)), KvError],
  ['RandomAccessLevel.kv', () => thrownBy(() => new RandomAccessLevel(new RAM()).kv), KvError],
  [
    'new AllToAllReplicator',
    () => thrownBy(() => new AllToAllReplicator({ maxLookups: -1 })),
    ReplicatorError,
  ],
  ['Corestore.get', () => thrownBy(() => new Corestore(memoryStorage()).get({ name: '' })), CorestoreError],
  ['Corestore.ready', storageError, StorageError],
  ['new Corestore', () => thrownBy(() => new Corestore(1 as never)), TypeError],
  ['opfsStorage', () => thrownBy(() => opfsStorage('')), TypeError],
]

test.each(errors)(
  'an error of %s is a CoreyardError in every copy of that class, with a code',
  async (_, fail, type) => {
    const error = await fail()
    expect(error).toBeInstanceOf(Error)
    expect(error).toBeInstanceOf(type)
    expect(error).toBeInstanceOf(Ours)
    expect(error).toBeInstanceOf(CoreyardError)
    expect(error).toHaveProperty('code', expect.stringMatching(/^[A-Z_]+$/))
    expect(error).toHaveProperty('name', type.name)
  },
)

test('an error of one class is none of the others', () => {
  const error = new CorestoreError('READ_ONLY', 'a message')
  for (const other of [KeychainError, PoolError, KvError, ReplicatorError, StorageError]) {
    expect(error).not.toBeInstanceOf(other)
  }
})

test('what is no error of ours is no CoreyardError', () => {
  const look = Object.assign(new Error('a message'), { code: 'READ_ONLY', name: 'CorestoreError' })
  for (const value of [look, { code: 'READ_ONLY' }, null, undefined, 'READ_ONLY', () => {}]) {
    expect(value instanceof CoreyardError).toBe(false)
    expect(value instanceof CorestoreError).toBe(false)
  }
})

test('a class that extends one of ours has the errors that it made, and no others', () => {
  class Own extends CorestoreError {}
  const own = new Own('READ_ONLY', 'a message')
  expect(own).toBeInstanceOf(Own)
  expect(own).toBeInstanceOf(CorestoreError)
  expect(own).toBeInstanceOf(CoreyardError)
  expect(new CorestoreError('READ_ONLY', 'a message')).not.toBeInstanceOf(Own)
})

test('an error shows its name, its code and its cause, and nothing of how it is recognised', () => {
  const cause = new Error('the cause')
  const error = new CorestoreError('CLOSE_FAILED', 'a message', { cause })
  expect(String(error)).toBe('CorestoreError: a message')
  expect(Object.keys(error).sort()).toEqual(['code', 'name'])
  expect(error.cause).toBe(cause)
})

test('the copies of the error class are the same', () => {
  const copies = PACKAGES.map((name) =>
    readFileSync(new URL(`../../../${name}/src/coreyard-error.ts`, import.meta.url), 'utf8'),
  )
  expect(new Set(copies).size).toBe(1)
})
