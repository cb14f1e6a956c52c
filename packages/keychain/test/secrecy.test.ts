import { Console } from 'node:console'
import { createHash } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { format, inspect } from 'node:util'
import { serialize } from 'node:v8'
import { describe, expect, test } from 'vitest'
import { Keychain } from '../src/index.js'
import { hex } from './bytes.js'
import { leaks } from './leaks.js'

const primaryKey = Uint8Array.from(createHash('sha256').update('a primary key').digest())

/** Ways to print that an object can answer in its own way. */
const printers: Record<string, (value: unknown) => string> = {
  'console.log': (value) => printed((console) => console.log(value)),
  'console.log, nested': (value) => printed((console) => console.log('%o', { deep: { list: [value] } })),
  'util.inspect': (value) => inspect(value),
  'util.inspect, showing all': (value) => inspect(value, { showHidden: true, depth: null, getters: true }),
  'util.format': (value) => format('%s %o %O %j', value, value, value, value),
  'JSON.stringify': (value) => JSON.stringify(value),
  'JSON.stringify, nested': (value) => JSON.stringify({ deep: { list: [value] } }),
  String: (value) => String(value),
  'a template': (value) => `${value}`,
}

/** Ways to print that ask the object nothing, and so show all that can be reached from it. */
const thoroughPrinters: Record<string, (value: unknown) => string> = {
  'console.dir': (value) => printed((console) => console.dir(value, { depth: null })),
  'util.inspect without custom methods': (value) =>
    inspect(value, { customInspect: false, showHidden: true, depth: null, getters: true }),
  'structured cloning': (value) => serialize(value).toString('latin1'),
  'reading its own properties': (value) =>
    inspect(Object.values(Object.getOwnPropertyDescriptors(value)).map((property) => property.value)),
}

describe.each(Object.entries({ ...printers, ...thoroughPrinters }))('%s', (_, print) => {
  test('shows the secret in bytes, so that this test would notice', () => {
    expect(leaks(print(primaryKey), primaryKey)).toBe(true)
  })

  test('does not show the primary key of a keychain', () => {
    const keychain = Keychain.from(primaryKey)
    const child = keychain.namespace('app')
    child.sign('main', 'message')
    for (const value of [keychain, child]) expect(leaks(print(value), primaryKey)).toBe(false)
    keychain.destroy()
    for (const value of [keychain, child]) expect(leaks(print(value), primaryKey)).toBe(false)
  })

  test('does not show a key in an error', () => {
    for (const error of errorsWithKeysAtHand()) {
      expect(leaks(print(error), primaryKey)).toBe(false)
    }
  })
})

describe.each(Object.entries(printers))('%s', (_, print) => {
  test('does not show the secret key of a key pair', () => {
    const keyPair = Keychain.from(primaryKey).keyPair('main')
    expect(leaks(print(keyPair), keyPair.secretKey.subarray(0, 32))).toBe(false)
  })
})

test('neither the message nor the stack of an error shows a key', () => {
  for (const { message, stack } of errorsWithKeysAtHand()) {
    expect(leaks(`${message} ${stack}`, primaryKey)).toBe(false)
  }
})

test('what is printed tells a keychain by its namespace and a key pair by its public key', () => {
  const keychain = Keychain.from(primaryKey).namespace('app')
  const keyPair = keychain.keyPair('main')
  expect(inspect(keychain)).toBe(`Keychain { namespace: ${hex(keychain.namespaceKey)}, destroyed: false }`)
  expect(JSON.parse(JSON.stringify(keychain))).toEqual({
    namespace: hex(keychain.namespaceKey),
    destroyed: false,
  })
  expect(inspect(keyPair)).toBe(`KeyPair { publicKey: ${hex(keyPair.publicKey)}, secretKey: <hidden> }`)
  expect(JSON.parse(JSON.stringify(keyPair))).toEqual({ publicKey: hex(keyPair.publicKey) })
})

test('a key pair is still an object of two byte fields to whoever copies it', () => {
  const keyPair = Keychain.from(primaryKey).keyPair('main')
  const { publicKey, secretKey } = keyPair
  expect({ ...keyPair }).toEqual({ publicKey, secretKey })
  expect(structuredClone(keyPair)).toEqual({
    publicKey: Uint8Array.from(publicKey),
    secretKey: Uint8Array.from(secretKey),
  })
})

/** An error of each kind, with key material where a caller may put it by mistake. */
function errorsWithKeysAtHand(): Error[] {
  const keychain = Keychain.from(primaryKey)
  const destroyed = Keychain.from(primaryKey)
  destroyed.destroy()
  const misuses: (() => unknown)[] = [
    () => Keychain.from(hex(primaryKey) as never),
    () => Keychain.from(Array.from(primaryKey) as never),
    () => Keychain.from(primaryKey.subarray(0, 31)),
    () => Keychain.from(primaryKey, primaryKey as never),
    () => Keychain.from(primaryKey, { namespace: hex(primaryKey) as never }),
    () => keychain.at(hex(primaryKey) as never),
    () => keychain.keyPair({ primaryKey } as never),
    () => keychain.namespace(BigInt(`0x${hex(primaryKey)}`) as never),
    () => keychain.sign('main', Array.from(primaryKey) as never),
    () => destroyed.keyPair('main'),
    () => destroyed.sign('main', primaryKey),
  ]
  return misuses.map((misuse) => {
    try {
      misuse()
    } catch (error) {
      if (error instanceof Error) return error
    }
    return expect.fail(`Nothing was thrown by ${misuse}`)
  })
}

function printed(print: (console: Console) => void): string {
  const stdout = new PassThrough()
  print(new Console({ stdout, inspectOptions: { maxArrayLength: null } }))
  return String(stdout.read())
}
