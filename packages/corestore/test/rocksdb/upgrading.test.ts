// What docs/upgrading.md says of Corestore 6 and 7, in the order in which it says it.

import { cpSync, readdirSync } from 'node:fs'
import { convert } from '@coreyard/convert'
import Corestore6 from 'corestore-6'
import Corestore7 from 'corestore-7'
import RAM from 'random-access-memory'
import { describe, expect, test } from 'vitest'
import { Corestore, memoryStorage } from '../../src/index.js'
import { bytes32, hex, text } from '../helpers/bytes.js'
import { emptyDirectory } from '../helpers/directories.js'

/** Makes a store of Corestore 6 with a core of two blocks named `a`, closes it, and says its keys. */
async function fill6(storage: string | object): Promise<{ key: Uint8Array; primaryKey: string }> {
  const store = new Corestore6(storage)
  const core = store.get({ name: 'a' })
  await core.append(['one', 'two'])
  const [key, primaryKey] = [core.key, primaryKeyOf(store)]
  await store.close()
  return { key, primaryKey }
}

function primaryKeyOf({ primaryKey }: { readonly primaryKey: Uint8Array | null }): string {
  return hex(primaryKey ?? expect.fail('the store is not open'))
}

async function lengthIn(store: {
  get(options: { name: string }): { ready(): Promise<void>; length: number }
}) {
  const core = store.get({ name: 'a' })
  await core.ready()
  return core.length
}

describe('a directory of Corestore 7', () => {
  test('opens as it is, and Corestore 7 opens it again with what was written', async () => {
    const directory = emptyDirectory()
    const former = new Corestore7(directory)
    const written = former.get({ name: 'a' })
    await written.append('one')
    const { key } = written
    await former.close()
    const files = readdirSync(directory)

    const store = new Corestore(directory)
    const core = store.get({ name: 'a' })
    await core.append('two')
    expect(hex(core.key)).toBe(hex(key))
    await store.close()
    expect(readdirSync(directory)).toEqual(files)

    const again = new Corestore7(directory)
    expect(await lengthIn(again)).toBe(2)
    await again.close()
  })
})

describe('a directory of Corestore 6', () => {
  test('is taken over with its keys and names, and Corestore 6 then makes a new store in it', async () => {
    const directory = emptyDirectory()
    const { key, primaryKey } = await fill6(directory)
    const store = new Corestore(directory)
    const core = store.get({ name: 'a' })
    expect(text(await core.get(1))).toBe('two')
    expect([hex(core.key), core.writable]).toEqual([hex(key), true])
    expect(primaryKeyOf(store)).toBe(primaryKey)
    await store.close()
    expect(readdirSync(directory)).not.toContain('cores')
    expect(readdirSync(directory)).not.toContain('primary-key')

    const former = new Corestore6(directory)
    expect(await lengthIn(former)).toBe(0)
    expect(primaryKeyOf(former)).not.toBe(primaryKey)
    await former.close()
  })

  test('gives the core of a key pair its blocks and its key back', async () => {
    const directory = emptyDirectory()
    const former = new Corestore6(directory)
    const keyPair = await former.createKeyPair('signer')
    const written = former.get({ keyPair })
    await written.append('one')
    const { key } = written
    await former.close()

    const store = new Corestore(directory)
    const core = store.get({ keyPair: await store.createKeyPair('signer') })
    await core.append('two')
    expect([hex(core.key), core.length]).toEqual([hex(key), 2])
    await store.close()
  })

  test('opens again with Corestore 6 from a copy that was made before', async () => {
    const [directory, copy] = [emptyDirectory(), emptyDirectory()]
    await fill6(directory)
    cpSync(directory, copy, { recursive: true })
    const store = new Corestore(directory)
    await store.ready()
    await store.close()
    const former = new Corestore6(copy)
    expect(await lengthIn(former)).toBe(2)
    await former.close()
  })

  test('stays as it is when it is converted, and both stores go on', async () => {
    const [directory, to] = [emptyDirectory(), emptyDirectory()]
    const { key } = await fill6(directory)
    await convert(directory, to)
    const store = new Corestore(to)
    const core = store.get({ name: 'a' })
    await core.append('three')
    expect(hex(core.key)).toBe(hex(key))
    await store.close()
    const former = new Corestore6(directory)
    expect(await lengthIn(former)).toBe(2)
    await former.close()
  })

  test('is refused by a read-only store', async () => {
    const directory = emptyDirectory()
    await fill6(directory)
    const store = new Corestore(directory, { readOnly: true })
    await expect(store.ready()).rejects.toMatchObject({ code: 'STORAGE_NOT_MIGRATED' })
    await store.close()
  })
})

test('a Corestore 6 in memory is converted, with the cores that are named', async () => {
  const storage = RAM.reusable()
  const { key } = await fill6(storage)
  const to = memoryStorage()
  await convert(storage, to, { cores: [key] })
  const store = new Corestore(to)
  expect(await lengthIn(store)).toBe(2)
  await store.close()
})

test('a name that no core has yet gets the key that Corestore 7 gives, and another one than Corestore 6 gives', async () => {
  const primaryKey = bytes32(1)
  const stores = [
    new Corestore(memoryStorage(), { primaryKey }),
    new Corestore7(emptyDirectory(), { primaryKey, unsafe: true }),
    new Corestore6(RAM.reusable(), { primaryKey }),
  ]
  const keys = await Promise.all(
    stores.map(async (store) => {
      const core = store.get({ name: 'new' })
      await core.ready()
      const pair = await store.createKeyPair('new')
      return { key: hex(core.key), publicKey: hex(pair.publicKey) }
    }),
  )
  const [ours, seven, six] = keys
  expect(ours).toEqual(seven)
  expect(ours?.publicKey).toBe(six?.publicKey)
  expect(ours?.key).not.toBe(six?.key)
  for (const store of stores) await store.close()
})

test('options and calls of Corestore 5 and 6 that have no meaning here have no effect', async () => {
  const store = new Corestore(memoryStorage(), { passive: false, poolSize: 512, unsafe: true } as object)
  const core = store.get({ name: 'a', sparse: true, live: true } as object)
  await core.append('block')
  store.replicate(true, { live: true } as object).destroy()
  expect(store.cores.get(core.discoveryKey)).not.toBeNull()
  expect(store.cores.get(bytes32(1))).toBeNull()
  expect(Corestore.isCorestore(store)).toBe(true)
  await new Promise<void>((resolve, reject) => {
    store.close((error) => (error ? reject(error) : resolve()))
  })
})
