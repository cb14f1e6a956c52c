// Where hypercore-storage keeps what, and how.

import b4a from 'b4a'
import { expect, test } from 'vitest'
import { oplogEntry, oplogHeader } from '../../src/corestore-6.js'
import { isCoreRecord, isFromDataOn, isNoRecord, keys, recordName, schema } from '../../src/storage.js'
import { newCore, session } from '../live.js'

async function storedCore() {
  const alias = { name: 'log', namespace: b4a.alloc(32, 1) }
  const core = await newCore({
    alias,
    group: b4a.alloc(32, 2),
    userData: [{ key: 'a', value: b4a.from('b') }],
  })
  await session(core).append('block')
  const { core: pointer } = core.storage ?? expect.fail('The core is open')
  const names = new Map<string, string>()
  const values = new Map<string, Uint8Array>()
  for await (const { key, value } of core.db.db.iterator({})) {
    names.set(b4a.toString(key, 'hex'), recordName(key))
    values.set(b4a.toString(key, 'hex'), value)
  }
  const at = (key: Uint8Array) => values.get(b4a.toString(key, 'hex')) ?? expect.fail('No record is there')
  return { alias, core, pointer, names, at }
}

test('each record of a core is at the key that keys makes, and has its name', async () => {
  const { alias, core, pointer, names } = await storedCore()
  const { corePointer, dataPointer } = pointer
  const expected: readonly (readonly [Uint8Array, string])[] = [
    [keys.store.head(), 'head of the store'],
    [keys.store.core(core.discoveryKey), `core with discovery key ${b4a.toString(core.discoveryKey, 'hex')}`],
    [keys.store.coreByAlias(alias), 'name'],
    [keys.core.auth(corePointer), `keys of core record ${corePointer}`],
    [keys.core.head(dataPointer), `head of core data ${dataPointer}`],
    [keys.core.block(dataPointer, 0), `block 0 of core data ${dataPointer}`],
    [keys.core.tree(dataPointer, 0), `tree node 0 of core data ${dataPointer}`],
    [keys.core.bitfield(dataPointer, 0, 0), `bitfield page 0 of core data ${dataPointer}`],
    [keys.core.userData(dataPointer, 'a'), `user data of core data ${dataPointer}`],
  ]
  for (const [key, name] of expected)
    expect([name, names.get(b4a.toString(key, 'hex'))]).toEqual([name, name])
  const known = expected.map(([, name]) => name)
  const rest = [...names.values()].filter((name) => !known.includes(name))
  expect(rest.filter((name) => !/^(?:hints|group|topic of a group|entry of a group)/.test(name))).toEqual([])
})

test('schema reads what hypercore-storage has written', async () => {
  const { alias, core, pointer, at } = await storedCore()
  expect(schema.decode('@corestore/head', at(keys.store.head()))).toMatchObject({
    version: 2,
    cores: 1,
    seed: null,
  })
  expect(schema.decode('@corestore/core', at(keys.store.core(core.discoveryKey)))).toMatchObject({
    corePointer: pointer.corePointer,
    dataPointer: pointer.dataPointer,
    alias,
  })
})

test('records of cores come before those of their data, and ranges of data end before the next pointer', () => {
  const core = Uint8Array.from(keys.store.core(b4a.alloc(32)))
  const auth = Uint8Array.from(keys.core.auth(7))
  const block = Uint8Array.from(keys.core.block(7, 2 ** 40))
  expect([isCoreRecord(core), isCoreRecord(auth)]).toEqual([true, false])
  expect([isFromDataOn(auth), isFromDataOn(block)]).toEqual([false, true])
  expect(b4a.compare(auth, block)).toBe(-1)
  expect(b4a.compare(block, keys.core.data(8))).toBe(-1)
})

test.each(['@corestore/head', '@corestore/core', '@core/hints'] as const)(
  'schema fails for bytes that are no %s with an error that isNoRecord knows',
  (record) => {
    expect.assertions(1)
    try {
      schema.decode(record as '@core/hints', b4a.alloc(0))
    } catch (error) {
      expect(isNoRecord(error)).toBe(true)
    }
  },
)

test('hypercore-storage decodes the oplog of Hypercore 10', () => {
  expect([typeof oplogHeader.decode, typeof oplogEntry.decode]).toEqual(['function', 'function'])
})
