// A contestant that does less than it should, and would be fast by that, fails.

import type { Hypercore } from '@coreyard/hypercore-types'
import { expect, test } from 'vitest'
import type { Contestant, Store } from '../src/contestants/contestant.js'
import { coreyard } from '../src/contestants/coreyard.js'
import { perform } from '../src/perform.js'
import { tasks } from '../src/tasks/all.js'
import { temporaryDirectory } from './helpers/temporary.js'
import { tiny } from './helpers/tiny.js'

const wrongBlock = { get: async () => Buffer.alloc(100) }
const lostAppend = { append: async () => ({ length: 1, byteLength: 1 }) }

test.each<[task: string, does: string, store: (store: Store) => Partial<Store>, error: RegExp]>([
  ['cores', 'opens one core for every name', sameCore, /different cores: 1, and not 10/],
  ['cores', 'opens cores that nobody can write', all({ writable: false }), /empty cores: 0/],
  ['cores', 'loses what is appended', all(lostAppend), /cores of 2 blocks: 0/],
  ['cores', 'forgets its cores', forgetful, /cores of 2 blocks: 0/],
  [
    'cores',
    'closes a core with any session',
    all({ closed: true }),
    /cores that closed with their sessions: 10/,
  ],
  ['blocks', 'loses what is appended', all(lostAppend), /length of the core: 0/],
  ['blocks', 'has something else', all(wrongBlock), /block 19 is what was appended: false/],
  ['list', 'lists too few', (store) => ({ list: () => butOne(store.list()) }), /listed: 9000, and not 10000/],
  [
    'list',
    'lists too few stored ones',
    (store) => ({ stored: () => butOne(store.stored()) }),
    /listed: 9000/,
  ],
  ['replicate-cores', 'gets something else', all(wrongBlock), /is what was appended: false/],
  ['replicate-cores', 'is not in sync', all({ update: async () => true }), /not in sync: 10/],
  ['replicate-blocks', 'has not all blocks', all({ has: async () => false }), /copy has all blocks: false/],
  ['replicate-blocks', 'gets something else', all(wrongBlock), /is what was appended: false/],
  ['footprint', 'has something else', all(wrongBlock), /is what was appended: false/],
])('%s fails if the contestant %s', async (taskId, _, overrides, error) => {
  const task = tasks.find(({ id }) => id === taskId)
  if (task === undefined) throw new Error(`no task ${taskId}`)
  const performing = perform({
    task: { ...task, rehearsed: false },
    contestant: dishonest(overrides),
    sizes: tiny,
    cores: 10,
    directory: temporaryDirectory(),
  })
  await expect(performing).rejects.toThrow(error)
})

/** Ours in memory, with some members of its store replaced. */
function dishonest(overrides: (store: Store) => Partial<Store>): Contestant {
  const honest = coreyard.find(({ engine }) => engine === 'memory')
  if (honest === undefined) throw new Error('no contestant')
  return {
    ...honest,
    async load() {
      const place = await honest.load()
      return (directory) => {
        const { open } = place(directory)
        return {
          async open() {
            const store = await open()
            return { ...store, ...overrides(store) }
          },
        }
      }
    },
  }
}

/** Every core has some members replaced. */
function all(members: object): (store: Store) => Partial<Store> {
  const replaced = (core: Hypercore) =>
    new Proxy(core, {
      get(target, name) {
        const value = name in members ? Reflect.get(members, name) : Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  return (store) => ({
    named: async (name) => replaced(await store.named(name)),
    byKey: async (key) => replaced(await store.byKey(key)),
  })
}

function sameCore(store: Store): Partial<Store> {
  return { named: () => store.named('always this one') }
}

/** Opens other cores each time that the store opens. */
function forgetful(store: Store): Partial<Store> {
  const salt = Math.random()
  return { named: (name) => store.named(`${name} ${salt}`) }
}

async function* butOne<T>(entries: AsyncIterable<T> | null): AsyncGenerator<T> {
  let first = true
  for await (const entry of entries ?? []) {
    if (!first) yield entry
    first = false
  }
}
