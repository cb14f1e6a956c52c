import crypto from 'hypercore-crypto'
import HypercoreError from 'hypercore-errors'
import id from 'hypercore-id-encoding'
import RandomAccessFile from 'random-access-file'
import RandomAccessMemory from 'random-access-memory'
import RandomAccessStorage from 'random-access-storage'
import safetyCatch from 'safety-catch'
import sodium from 'sodium-universal'
import { expect, test } from 'vitest'
import z32 from 'z32'
import { emitterMembers } from './emitter-members.js'
import { type Members, missingMembers } from './members.js'

const cryptoMembers: Members<typeof crypto> = {
  keyPair: 'method',
  validateKeyPair: 'method',
  sign: 'method',
  verify: 'method',
  discoveryKey: 'method',
  namespace: 'method',
  randomBytes: 'method',
  hash: 'method',
  data: 'method',
  parent: 'method',
  tree: 'method',
}

const idMembers: Members<typeof id> = {
  encode: 'method',
  decode: 'method',
  normalize: 'method',
  isValid: 'method',
}

const z32Members: Members<typeof z32> = { ALPHABET: 'string', encode: 'method', decode: 'method' }

const sodiumMembers: Members<typeof sodium> = {
  crypto_generichash_BYTES: 'number',
  crypto_generichash_KEYBYTES: 'number',
  crypto_sign_PUBLICKEYBYTES: 'number',
  crypto_sign_SECRETKEYBYTES: 'number',
  crypto_sign_SEEDBYTES: 'number',
  crypto_sign_BYTES: 'number',
  crypto_generichash: 'method',
  crypto_generichash_batch: 'method',
  crypto_sign_seed_keypair: 'method',
  crypto_sign_keypair: 'method',
  crypto_sign_detached: 'method',
  crypto_sign_verify_detached: 'method',
  randombytes_buf: 'method',
  sodium_memcmp: 'method',
  sodium_memzero: 'method',
  sodium_malloc: 'method',
  sodium_free: 'method',
}

type ErrorStatics = Omit<typeof HypercoreError, 'prototype' | keyof typeof Error>

const errorStatics: Members<ErrorStatics> = {
  ASSERTION: 'method',
  BAD_ARGUMENT: 'method',
  STORAGE_EMPTY: 'method',
  STORAGE_CONFLICT: 'method',
  INVALID_SIGNATURE: 'method',
  INVALID_CAPABILITY: 'method',
  INVALID_CHECKSUM: 'method',
  INVALID_OPERATION: 'method',
  INVALID_PROOF: 'method',
  BLOCK_NOT_AVAILABLE: 'method',
  SNAPSHOT_NOT_AVAILABLE: 'method',
  REQUEST_CANCELLED: 'method',
  REQUEST_TIMEOUT: 'method',
  SESSION_NOT_WRITABLE: 'method',
  SESSION_CLOSED: 'method',
  SESSION_MOVED: 'method',
  BATCH_UNFLUSHED: 'method',
  WRITE_FAILED: 'method',
  DECODING_ERROR: 'method',
}

const randomAccessMembers: Members<RandomAccessStorage> = {
  ...emitterMembers,
  opened: 'boolean',
  suspended: 'boolean',
  closed: 'boolean',
  unlinked: 'boolean',
  writing: 'boolean',
  readable: 'boolean',
  writable: 'boolean',
  deletable: 'boolean',
  truncatable: 'boolean',
  statable: 'boolean',
  open: 'method',
  read: 'method',
  write: 'method',
  del: 'method',
  truncate: 'method',
  stat: 'method',
  suspend: 'method',
  close: 'method',
  unlink: 'method',
}

const fileMembers: Members<RandomAccessFile> = {
  ...randomAccessMembers,
  directory: 'string',
  filename: 'string',
  fd: 'number',
}

const memoryMembers: Members<RandomAccessMemory> = {
  ...randomAccessMembers,
  length: 'number',
  toBuffer: 'method',
  clone: 'method',
}

test('the small packages have the members that are declared', () => {
  expect(missingMembers(crypto, cryptoMembers)).toEqual([])
  expect(missingMembers(id, idMembers)).toEqual([])
  expect(missingMembers(z32, z32Members)).toEqual([])
  expect(missingMembers(sodium, sodiumMembers)).toEqual([])
  expect(missingMembers<ErrorStatics>(HypercoreError, errorStatics)).toEqual([])
  expect(HypercoreError.STORAGE_EMPTY('nothing here')).toMatchObject({
    code: 'STORAGE_EMPTY',
    discoveryKey: null,
  })
  expect(safetyCatch(new Error('of the network'))).toBeUndefined()
})

test('a random-access-storage has the members that are declared', () => {
  expect(missingMembers(new RandomAccessStorage(), randomAccessMembers)).toEqual([])
  expect(missingMembers(new RandomAccessFile('file', { directory: '.' }), fileMembers)).toEqual([])
  expect(missingMembers(RandomAccessMemory.reusable()('name'), memoryMembers)).toEqual([])
  expect(RandomAccessFile.createPool(3)).toMatchObject({ maxSize: 3 })
})
