// Stores of Corestore 6 with all that a core may have, and what each core must be like once it is one of Hypercore 11.
import Corestore6 from 'corestore-6'
import Corestore7 from 'corestore-7'
import { expect, onTestFinished } from 'vitest'
import { engineOf } from './engines.js'
import type { Place } from './stores.js'

/** What a core is like: of either version. */
export interface Looks {
  readonly key: string
  readonly length: number
  readonly byteLength: number
  readonly fork: number
  readonly contiguousLength: number
  readonly manifestVersion: number | null
  readonly treeHash: string
  readonly userData: string
  /** Each block in hex, `null` where it is not there. */
  readonly blocks: (string | null)[]
}

export async function looksOf(core: NamedCore): Promise<Looks> {
  await core.ready()
  const blocks: (string | null)[] = []
  for (let index = 0; index < core.length; index++) {
    const block = (await core.has(index)) ? await core.get(index) : null
    blocks.push(block === null ? null : hex(block))
  }
  const { key, length, byteLength, fork, contiguousLength, manifest } = core
  return {
    key: hex(key),
    length,
    byteLength,
    fork,
    contiguousLength,
    manifestVersion: manifest?.version ?? null,
    // Hypercore 11 waits for the last block before it tells.
    treeHash: blocks.at(-1) === null ? '' : hex(await core.treeHash()),
    userData: hex((await core.getUserData('mine')) ?? new Uint8Array(0)),
    blocks,
  }
}

/** Names of the cores that {@link fillStore} makes. All but the last two are in the root namespace. */
type Filled = Record<string, Looks>

const OPEN: Record<string, (store: NamedStore) => NamedCore> = {
  empty: (store) => store.get({ name: 'empty' }),
  short: (store) => store.get({ name: 'short' }),
  long: (store) => store.get({ name: 'long' }),
  'with empty blocks': (store) => store.get({ name: 'with empty blocks' }),
  truncated: (store) => store.get({ name: 'truncated' }),
  'truncated to nothing': (store) => store.get({ name: 'truncated to nothing' }),
  'with cleared blocks': (store) => store.namespace('sub').get({ name: 'with cleared blocks' }),
  'with user data': (store) => store.namespace('sub').namespace('deep').get({ name: 'ünïcode' }),
}

/** Gives a store of Corestore 6 many kinds of cores. The store stays open. */
export async function fillStore(store: NamedStore): Promise<Filled> {
  const core = (name: string) => (OPEN[name] ?? expect.fail(name))(store)
  await core('short').append(['a', 'b', 'c'])
  for (let index = 0; index < 150; index++) await core('long').append(`${index} ${'.'.repeat(index * 17)}`)
  await core('with empty blocks').append(['', 'one', '', '', 'four', ''])
  await core('truncated').append(['0', '1', '2', '3', '4', '5', '6', '7'])
  await core('truncated').truncate(5)
  await core('truncated').append(['other 5', 'other 6'])
  await core('truncated').truncate(3, 7)
  await core('truncated').append('another 3')
  await core('truncated to nothing').append(['a', 'b'])
  await core('truncated to nothing').truncate(0)
  await core('with cleared blocks').append(Array.from({ length: 40 }, (_, index) => `block ${index}`))
  await core('with cleared blocks').clear(0, 3)
  await core('with cleared blocks').clear(17, 30)
  await core('with user data').append(new Uint8Array(200_000).fill(3))
  // Too large for the oplog: Hypercore 10 moves its header to a file of its own.
  await core('with user data').setUserData('mine', new Uint8Array(6000).fill(5))
  const filled: Filled = {}
  for (const name of Object.keys(OPEN)) filled[name] = await looksOf(core(name))
  return filled
}

/** Opens all cores of a converted store by their names, as Corestore 7 does, and checks that they are the same and can be written. */
export async function expectFilled({ argument, options }: Place, filled: Filled): Promise<void> {
  const engine = engineOf(argument, options)
  await engine.open()
  const store = new Corestore7(engine.storage)
  for (const [name, looks] of Object.entries(filled)) {
    const core = (OPEN[name] ?? expect.fail(name))(store)
    expect(await looksOf(core)).toEqual(looks)
    expect(core.writable).toBe(true)
    await core.append('one more')
    expect(core.length).toBe(looks.length + 1)
  }
  await store.close()
}

/** A store of Corestore 6, closed when the test has finished if it is not by then. */
export function corestore6(...args: ConstructorParameters<typeof Corestore6>): NamedStore {
  const store = new Corestore6(...args)
  onTestFinished(() => store.close())
  return store
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
