// Whatever `get` is given, it refuses with BAD_ARGUMENT and changes nothing, or gives the core that the options mean: the same one
// after a restart. The options change as soon as the call has returned.

import type { Hypercore, KeyPair, ManifestInput } from '@coreyard/hypercore-types'
import fc from 'fast-check'
import HypercoreClass from 'hypercore'
import crypto from 'hypercore-crypto'
import { expect, test } from 'vitest'
import { type Corestore, CorestoreError, type GetOptions } from '../../src/index.js'
import { bytes32, hex, utf8 } from '../helpers/bytes.js'
import { openStoreAt } from '../helpers/open-store.js'
import { newPlace, type Place } from '../helpers/places.js'
import { recordsOf } from '../helpers/records.js'

const SEED = 1
const keyPairs = [1, 2].map((fill) => crypto.keyPair(Buffer.from(bytes32(fill))))
const versions = [0, 1, 2]
const manifests: ManifestInput[] = keyPairs.flatMap(({ publicKey }) => [
  ...versions.map((version) => ({ version, signers: [{ publicKey }] })),
  { quorum: 1, signers: [{ publicKey }, { publicKey: bytes32(9) }] },
])
const keys = [
  bytes32(3),
  ...manifests.map((manifest) => HypercoreClass.key(manifest)),
  keyPairs[0]?.publicKey ?? bytes32(3),
]
const odd = fc.constantFrom(
  null,
  undefined,
  undefined,
  5,
  '',
  true,
  {},
  [],
  new Uint8Array(31),
  'x',
  Number.NaN,
  () => {},
)

/** An option: mostly left out, or right; sometimes odd. */
function option(right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 7, arbitrary: right }, { weight: 2, arbitrary: odd })
}

const name = fc.constantFrom('a', 'b', '\0hex:ff', utf8('a'), Uint8Array.of(0xff), '\ufffd')
const encryption = fc.constantFrom(bytes32(7), { key: bytes32(7) }, null, false)
const which = {
  name: option(name),
  key: option(fc.constantFrom(...keys, ...keys.map(hex))),
  discoveryKey: option(fc.constantFrom(...keys.map((key) => HypercoreClass.discoveryKey(key)))),
  keyPair: option(fc.constantFrom(...keyPairs)),
  manifest: option(fc.constantFrom(...manifests)),
}
const others = {
  encryption: option(encryption),
  encryptionKey: option(fc.constant(bytes32(7))),
  valueEncoding: fc.constantFrom('utf-8', 'binary', undefined),
  group: option(fc.constant(bytes32(8))),
  userData: option(fc.constant({ a: utf8('value') })),
  overwrite: fc.constantFrom(false, undefined),
  writable: fc.constantFrom(true, undefined),
  exclusive: fc.constantFrom(true, false, undefined),
  createIfMissing: fc.constantFrom(true, undefined),
  active: fc.boolean(),
  parent: odd,
  snapshot: odd,
}
const given = fc
  .tuple(
    fc.oneof(
      fc.record(which, { requiredKeys: [] }),
      ...Object.entries(which).map(([key, value]) => fc.record({ [key]: value })),
    ),
    fc.record(others, { requiredKeys: [] }),
  )
  .map(([first, second]) => ({ ...first, ...second }) as Record<string, unknown>)
const call = fc.record({
  options: given,
  loaded: fc.option(given, { freq: 3 }),
  isRestart: fc.boolean(),
  version: fc.constantFrom(...versions),
})

/** Which core each name means, once it has been opened. */
type Names = Map<string, string>

test('get refuses what it is given, or gives the core that is meant, also after a restart', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 12 }), async (calls) => {
      const place = newPlace()
      const names: Names = new Map()
      let store = open(place, 1)
      for (const { options, loaded, isRestart, version } of calls) {
        if (isRestart) {
          await store.close()
          store = open(place, version)
        }
        await check(store, names, options, loaded)
      }
      await store.close()
    }),
    { seed: SEED, numRuns: Number(process.env.RANDOM_RUNS ?? 60) },
  )
})

function open(place: Place, manifestVersion: number): Corestore {
  return openStoreAt(place, { primaryKey: bytes32(SEED), manifestVersion })
}

async function check(
  store: Corestore,
  names: Names,
  options: Record<string, unknown>,
  loaded: Record<string, unknown> | null,
): Promise<void> {
  await store.ready()
  const before = await recordsOf(store)
  const merged = merge(options, loaded)
  const expected = await meaning(store, names, merged)
  const own = structure(options)
  const later = loaded && structure(loaded)
  const argument = later === null ? own : { ...own, preload: async () => later }

  const outcome = await attempt(store, argument as GetOptions)
  spoil(own)
  if (outcome instanceof Error) return refused(store, outcome, before)
  const core = outcome
  try {
    await core.ready()
  } catch (error) {
    return refused(store, error, before)
  }
  if (later !== null) spoil(later)
  expect(expected, 'was to be refused').not.toBe(null)
  if (expected !== 'new') expect(hex(core.key)).toBe(expected)
  const id = nameId(merged.name)
  if (id !== null) names.set(id, hex(core.key))
  if (core.writable && core.manifest?.quorum === 1) {
    await core.append('block')
    expect(await core.has(core.length - 1)).toBe(true)
  }
  await core.close()
}

/** The key, in hex, of the core that options mean by the documents; `null` if they must be refused, `'new'` for any new one. */
async function meaning(
  store: Corestore,
  names: Names,
  options: Record<string, unknown>,
): Promise<string | null> {
  const { keyPair = null, manifest = null, key = null, discoveryKey = null } = options
  if (manifest !== null && !isManifest(manifest)) return null
  if (keyPair !== null && !isKeyPair(keyPair)) return null
  const manifestKey = manifest && hex(HypercoreClass.key(manifest))
  if (options.name !== undefined && options.name !== null) {
    const id = nameId(options.name)
    if (id === null || keyPair !== null || key !== null || discoveryKey !== null) return null
    const known = names.get(id)
    if (known !== undefined) return manifestKey === null || manifestKey === known ? known : null
    return manifestKey ?? keyOf(await store.createKeyPair(options.name as string), store)
  }
  const keyGiven = key === null ? null : (keys.find((each) => hex(each) === hexOf(key)) ?? null)
  const found = keys.find((each) => hex(HypercoreClass.discoveryKey(each)) === hexOf(discoveryKey)) ?? null
  if ((key !== null && keyGiven === null) || (discoveryKey !== null && found === null)) return null
  const said = [keyGiven && hex(keyGiven), manifestKey, found && hex(found)].filter((each) => each !== null)
  if (said.length > 0) return said[0] ?? null
  if (keyPair !== null) return keyOfPair(keyPair, store)
  return ['name', 'key', 'discoveryKey'].some((option) => option in options) ? null : 'new'
}

function hexOf(key: unknown): string {
  return key instanceof Uint8Array ? hex(key) : String(key)
}

function isKeyPair(value: unknown): value is KeyPair {
  return keyPairs.includes(value as never)
}

function keyOf({ publicKey }: KeyPair, { manifestVersion }: Corestore): string {
  return hex(HypercoreClass.key(publicKey, { version: manifestVersion }))
}

/** As Corestore 6 made it, where only that one is stored. */
async function keyOfPair(keyPair: KeyPair, store: Corestore): Promise<string> {
  const usual = keyOf(keyPair, store)
  if (await isStored(store, Buffer.from(usual, 'hex'))) return usual
  return (await isStored(store, keyPair.publicKey)) ? hex(keyPair.publicKey) : usual
}

async function isStored(store: Corestore, key: Uint8Array): Promise<boolean> {
  return (await store.getAuth(HypercoreClass.discoveryKey(key))) !== null
}

function isManifest(value: unknown): value is ManifestInput {
  return manifests.includes(value as ManifestInput)
}

/** The text of a name, or the hex of its bytes. */
function nameId(name: unknown): string | null {
  if (typeof name === 'string' && name !== '') return hex(utf8(name))
  return name instanceof Uint8Array ? hex(name) : null
}

function merge(
  options: Record<string, unknown>,
  loaded: Record<string, unknown> | null,
): Record<string, unknown> {
  const merged = { ...options }
  for (const [option, value] of Object.entries(loaded ?? {})) if (value !== undefined) merged[option] = value
  return merged
}

async function attempt(store: Corestore, options: GetOptions): Promise<Hypercore<never> | Error> {
  try {
    return store.get(options) as Hypercore<never>
  } catch (error) {
    return error as Error
  }
}

/** Checks that what was refused was refused for a reason, and changed nothing. */
async function refused(store: Corestore, error: unknown, before: string[]): Promise<void> {
  expect(error).toBeInstanceOf(CorestoreError)
  expect(['BAD_ARGUMENT', 'STORAGE_EMPTY']).toContain((error as CorestoreError).code)
  expect(await recordsOf(store)).toEqual(before)
}

/** A copy whose bytes are nobody else's. */
function structure<T>(value: T): T
function structure(value: unknown): unknown {
  if (value instanceof Uint8Array) return Uint8Array.from(value)
  if (Array.isArray(value)) return value.map((each) => structure(each))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, structure(each)]))
}

/** Changes everything in it. */
function spoil(value: unknown): void {
  if (value instanceof Uint8Array) value.fill(0xee)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) {
      spoil(each)
      if (!Object.isFrozen(value)) Reflect.set(value, key, 'spoiled')
    }
  }
}
