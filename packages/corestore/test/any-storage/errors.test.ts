// Bad input: what it is answered with, that nothing changes on disk, and that the store goes on. What fails later is in
// failed-get.test.ts and storage-errors.test.ts.

import { Duplex } from 'node:stream'
import crypto from 'hypercore-crypto'
import { describe, expect, test } from 'vitest'
import { type Corestore, CorestoreError, type GetOptions } from '../../src/index.js'
import { bytes32, hex } from '../helpers/bytes.js'
import { errorOf, workingStore } from '../helpers/working-store.js'

const keyPair = crypto.keyPair()
const manifest = { signers: [{ publicKey: keyPair.publicKey }] }
const short = new Uint8Array(31)
const KEY_FORMS = '32 bytes, 64 characters of hex or 52 characters of z32'

describe('get refuses at once, and changes nothing', () => {
  // The types forbid some of it; whoever writes JavaScript is told at run time.
  test.each<[string, unknown, string]>([
    ['a key of 31 bytes', short, `key must be ${KEY_FORMS}, not 31 bytes`],
    ['a key of 33 bytes', { key: new Uint8Array(33) }, `key must be ${KEY_FORMS}, not 33 bytes`],
    ['a key of no bytes', { key: new Uint8Array(0) }, `key must be ${KEY_FORMS}, not 0 bytes`],
    ['a hex key that is too short', hex(bytes32(1)).slice(1), `key must be ${KEY_FORMS}, not a string of 63`],
    ['a key that is no hex', 'x'.repeat(64), `key must be ${KEY_FORMS}, not a string of 64 characters`],
    ['a name in the place of a key', 'todo', 'a name goes in { name }'],
    ['an empty key', '', `key must be ${KEY_FORMS}, not an empty string`],
    ['a key that is a number', { key: 42 }, `key must be ${KEY_FORMS}, not a number`],
    ['a discovery key of 31 bytes', { discoveryKey: short }, `discoveryKey must be ${KEY_FORMS}`],
    ['a number', 42, `get takes a key (${KEY_FORMS}) or an object of options, not a number`],
    ['a boolean', true, 'or an object of options, not a boolean'],
    ['an array', [], 'or an object of options, not an array'],
    ['an empty name', { name: '' }, 'name must not be empty'],
    ['a name of no bytes', { name: new Uint8Array(0) }, 'name must not be empty'],
    ['a name that is a number', { name: 42 }, 'name must be a string or bytes, not a number'],
    ['a name that is too long', { name: 'x'.repeat(4001) }, 'at most 4000 bytes, this one takes 4001'],
    ['a name and a key pair', { name: 'a', keyPair }, 'pass name or keyPair, not both'],
    ['a name and a key', { name: 'a', key: bytes32(1) }, 'Pass one of name, key'],
    ['a name and a discovery key', { name: 'a', discoveryKey: bytes32(1) }, 'Pass one of name, key'],
    ['a key pair without keys', { keyPair: {} }, 'keyPair.publicKey must be 32 bytes, not undefined'],
    ['a public key of 31 bytes', { keyPair: { publicKey: short } }, 'must be 32 bytes, not 31 bytes'],
    [
      'a secret key of 31 bytes',
      { keyPair: { publicKey: keyPair.publicKey, secretKey: short } },
      'keyPair.secretKey must be 64 bytes or null, not 31 bytes',
    ],
    ['a manifest without signers', { manifest: {} }, 'manifest must be an object with signers'],
    ['a manifest with a wrong signer', { manifest: { signers: [{ publicKey: short }] } }, 'is not valid'],
    ['a manifest with too large a quorum', { manifest: { ...manifest, quorum: 2 } }, 'is not valid'],
    ['a manifest of another core', { key: bytes32(1), manifest }, 'that of another core than key'],
    ['an encryption key of 31 bytes', { encryption: short }, 'encryption must be 32 bytes, not 31 bytes'],
    ['an encryption that is a string', { encryption: 'secret' }, 'encryption must be 32 bytes'],
    ['an encryption with a wrong key', { encryption: { key: short } }, 'encryption.key must be 32 bytes'],
    [
      'an encryption without a key',
      { name: 'b', encryption: {} },
      'encryption.key must be 32 bytes, not undefined: encryption is a key, { key }, or an object with padding, encrypt and decrypt',
    ],
    ['an encryption whose key is missing', { name: 'b', encryption: { key: undefined } }, 'not undefined'],
    ['an encryption whose key is null', { name: 'b', encryption: { key: null } }, 'not null'],
    [
      'an encryption that is true',
      { name: 'b', encryption: true },
      'encryption must be 32 bytes, not a boolean',
    ],
    [
      'an encryption that is a number',
      { name: 'b', encryption: 5 },
      'encryption must be 32 bytes, not a number',
    ],
    ['an encryption that is empty', { name: 'b', encryption: '' }, 'not an empty string'],
    [
      'an encryption of your own without padding',
      { name: 'b', encryption: { encrypt() {}, decrypt() {} } },
      'an object with padding, encrypt and decrypt',
    ],
    ['an encryptionKey of 31 bytes', { encryptionKey: short }, 'encryptionKey must be 32 bytes'],
    ['a group of 31 bytes', { name: 'b', group: short }, 'group must be 32 bytes, not 31 bytes'],
  ])('%s', async (_, argument, message) => {
    const { store, goesOn } = await workingStore()
    const error = errorOf(() => store.get(argument as GetOptions))
    expect(error).toBeInstanceOf(CorestoreError)
    expect(error).toMatchObject({ code: 'BAD_ARGUMENT', message: expect.stringContaining(message) })
    await goesOn()
  })

  test('and never shows a secret in its message', async () => {
    const { store } = await workingStore()
    const secret = 'a secret of some 32 characters..'
    const wrong = [{ key: secret }, { encryption: secret }, { keyPair: secret }, { manifest: secret }]
    for (const options of wrong) {
      expect(errorOf(() => store.get(options as never))).toMatchObject({
        code: 'BAD_ARGUMENT',
        message: expect.not.stringContaining(secret),
      })
    }
  })
})

describe('the rest of the store refuses at once, and changes nothing', () => {
  test.each<[string, (store: Corestore) => unknown, string]>([
    [
      'a namespace of 31 bytes',
      (store) => store.session({ namespace: short }),
      'namespace must be 32 bytes, not 31 bytes: store.namespace(name) makes one of a name',
    ],
    ['to list one', (store) => store.list(short), 'namespace must be 32 bytes, not 31 bytes'],
    ['an empty namespace', (store) => store.namespace(''), 'must be a string or bytes that are not empty'],
    [
      'a primary key of 31 bytes',
      (store) => store.session({ primaryKey: short }),
      'primaryKey must be 32 bytes',
    ],
    [
      'an unknown manifest version',
      (store) => store.session({ manifestVersion: 3 }),
      'must be 0, 1 or 2, not 3',
    ],
    ['a wrong default', (store) => store.session({ encryption: short }), 'encryption must be 32 bytes'],
    ['options that are none', (store) => store.session('a' as never), 'options must be an object'],
    [
      'to list what is stored with null',
      (store) => store.stored(null as never),
      'must be an object, not null',
    ],
    ['to audit with null', (store) => store.audit(null as never), 'options must be an object, not null'],
    ['no stream', (store) => store.replicate(undefined as never), 'Cannot replicate over undefined'],
    ['a stream that is null', (store) => store.replicate(null as never), 'Cannot replicate over null'],
    ['a stream that is a string', (store) => store.replicate('tcp' as never), 'give a boolean, a Hyperswarm'],
    ['a stream that is any object', (store) => store.replicate({} as never), 'no encrypted stream'],
    [
      'a stream that is not encrypted',
      (store) => store.replicate(new Duplex() as never),
      'no encrypted stream',
    ],
    ['{ stream } that is none', (store) => store.replicate({ stream: {} } as never), 'no encrypted stream'],
  ])('%s', async (_, provoke, message) => {
    const { store, goesOn } = await workingStore()
    expect(errorOf(() => provoke(store))).toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining(message),
    })
    await goesOn()
  })
})

test('delete refuses options that are none, and changes nothing', async () => {
  const { store, core, goesOn } = await workingStore()
  await expect(store.delete({ name: 'a' }, null as never)).rejects.toMatchObject({
    code: 'BAD_ARGUMENT',
    message: 'options must be an object, not null',
  })
  expect(core.closed).toBe(false)
  await goesOn()
})

test('session and namespace take null for no options, as in Corestore 7', async () => {
  const { store } = await workingStore()
  expect(hex(store.session(null).ns)).toBe(hex(store.ns))
  expect(hex(store.namespace('a', null).ns)).toBe(hex(store.namespace('a').ns))
})
