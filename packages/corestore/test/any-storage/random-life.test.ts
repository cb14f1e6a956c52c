// The life of cores under random interleavings: whatever is called in whatever order, nothing waits for ever, no core is open twice at
// once, a name means its core, and a core that no session holds closes.

import type { Core, Hypercore } from '@coreyard/hypercore-types'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Corestore, type GetOptions } from '../../src/index.js'
import { bytes32, hex, listed } from '../helpers/bytes.js'
import { effort } from '../helpers/effort.js'
import { newPlace } from '../helpers/places.js'

const NAMES = ['a', 'b', 'c']
/** How long it may take until all that was called has ended, in milliseconds: some thousand times as long as it takes. */
const MOST_TIME = 100_000
const ALLOWED = ['SESSION_CLOSED', 'CORE_IN_USE', 'STORAGE_EMPTY']

const nth = fc.nat(9)
const core = fc.nat(NAMES.length - 1)
const isForced = fc.boolean()
const operation = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('get'),
      core,
      by: fc.constantFrom('name', 'name', 'key', 'discoveryKey'),
      store: nth,
      weak: fc.nat(3).map((n) => n === 3),
      exclusive: fc.nat(3).map((n) => n === 3),
      overwrite: fc.nat(7).map((n) => n === 7),
      active: fc.boolean(),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('close'), nth }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('append'), nth }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('delete'), core, isNamed: fc.boolean(), isForced }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('purge'), nth }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('audit') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('list') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('session') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('closeStore'), nth }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('microtasks'), count: fc.nat(12) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('turns'), count: fc.integer({ min: 1, max: 5 }) }) },
)
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never

const options = fc.record({
  cacheSize: fc.integer({ min: 0, max: 3 }),
  idleTimeout: fc.constantFrom(0, 0, 2),
})

interface Keys {
  readonly key: Uint8Array
  readonly discoveryKey: Uint8Array
}

/** The cores that the names derive. */
async function keysOfNames(primaryKey: Uint8Array): Promise<Keys[]> {
  const place = newPlace()
  const store = new Corestore(place.storage, { ...place.options, primaryKey })
  const cores = NAMES.map((name) => store.get({ name }))
  await Promise.all(cores.map((core) => core.ready()))
  const keys = cores.map(({ key, discoveryKey }) => ({ key, discoveryKey }))
  await store.close()
  return keys
}

class World {
  readonly #root: Corestore
  readonly #keys: readonly Keys[]
  readonly #stores: Corestore[]
  readonly #sessions: Hypercore<unknown>[] = []
  readonly #faults: string[] = []
  readonly #waiting = new Set<string>()
  #calls = 0

  constructor(root: Corestore, keys: readonly Keys[]) {
    this.#root = root
    this.#keys = keys
    this.#stores = [root]
    const byId = new Map<string, Core[]>()
    root.watch((core) => {
      const id = hex(core.discoveryKey)
      const before = byId.get(id) ?? []
      byId.set(id, [...before, core])
      core.ready().then(
        () => {
          if (before.some(({ closed }) => !closed)) this.#faults.push(`${id} is open twice`)
        },
        () => {},
      )
    })
  }

  async run(operation: Operation): Promise<void> {
    switch (operation.do) {
      case 'get':
        this.#get(operation)
        break
      case 'close':
        this.#on(operation.nth, 'close', (session) => session.close())
        break
      case 'append':
        this.#on(operation.nth, 'append', (session) => session.append(Buffer.from('block')))
        break
      case 'purge':
        this.#on(operation.nth, 'purge', (session) => session.purge())
        break
      case 'delete': {
        const { core, isNamed, isForced: force } = operation
        const which = isNamed ? { name: NAMES[core] } : this.#keysOf(core).key
        const open = this.#sessions.filter(
          ({ opened, discoveryKey }) => opened && hex(discoveryKey) === hex(this.#keysOf(core).discoveryKey),
        )
        const deleted = this.#root.delete(which, { force }).then(() => {
          if (open.some(({ closed }) => !closed)) this.#faults.push('a session of a deleted core is open')
        })
        this.#wait(`delete with force: ${force}`, deleted)
        break
      }
      case 'audit':
        this.#wait('audit', this.#audit())
        break
      case 'list':
        this.#wait('list', Promise.all([listed(this.#root.list()), drain(this.#root.stored())]))
        break
      case 'session':
        this.#stores.push(this.#root.session())
        break
      case 'closeStore':
        if (this.#stores.length > 1) {
          const [store] = this.#stores.splice(1 + (operation.nth % (this.#stores.length - 1)), 1)
          if (store !== undefined) this.#wait('close of a store', store.close())
        }
        break
      case 'microtasks':
        for (let i = 0; i < operation.count; i++) await null
        break
      case 'turns':
        for (let i = 0; i < operation.count; i++) await turn()
        break
    }
  }

  /** Gives everything back, and waits until all that was called has ended. */
  async settle(): Promise<void> {
    for (const session of this.#sessions) this.#wait('close', session.close())
    await this.#until('ended', () => this.#waiting.size === 0)
    await this.#until('closed', () => this.#root.cores.size === 0)
  }

  /** No core is damaged, and each name means its core, which nothing keeps from being deleted. */
  async check(): Promise<void> {
    this.#wait('a last audit', this.#audit())
    await this.#until('audited', () => this.#waiting.size === 0)
    for (const [index, name] of NAMES.entries()) {
      const session = this.#root.get({ name })
      this.#wait('a last get', session.ready())
      await this.#until('opened', () => this.#waiting.size === 0)
      if (hex(session.key) !== hex(this.#keysOf(index).key)) this.#faults.push(`${name} is another core`)
      this.#wait('a last append', session.append(Buffer.from('block')))
      await this.#until('appended', () => this.#waiting.size === 0)
      await session.close()
      this.#wait('a last delete', this.#root.delete({ name }))
      await this.#until('deleted', () => this.#waiting.size === 0)
    }
    expect(await listed(this.#root.list())).toEqual([])
    this.#wait('the last close', this.#root.close())
    await this.#until('closed', () => this.#waiting.size === 0)
    expect(this.#faults).toEqual([])
  }

  #get({ core, by, store: nth, ...options }: Extract<Operation, { do: 'get' }>): void {
    const { do: _, ...rest } = options
    const { key, discoveryKey } = this.#keysOf(core)
    const which: GetOptions =
      by === 'name' ? { name: NAMES[core] } : by === 'key' ? { key } : { discoveryKey }
    const store = this.#stores[nth % this.#stores.length] as Corestore
    const session = store.get({ ...which, ...rest })
    this.#sessions.push(session)
    this.#wait(
      `get by ${by}`,
      session.ready().then(() => {
        if (hex(session.key) !== hex(key)) this.#faults.push(`get by ${by} gave another core`)
      }),
    )
  }

  async #audit(): Promise<void> {
    for await (const { audit } of this.#root.audit()) {
      if (audit === null || audit.corrupt || audit.droppedBlocks > 0) this.#faults.push('a core is damaged')
    }
  }

  #on(nth: number, what: string, work: (session: Hypercore<unknown>) => Promise<unknown>): void {
    const session = this.#sessions[nth % Math.max(1, this.#sessions.length)]
    if (session === undefined || (what === 'append' && !session.writable)) return
    this.#wait(what, work(session))
  }

  #wait(what: string, call: Promise<unknown>): void {
    const waiting = `${what} (call ${this.#calls++})`
    this.#waiting.add(waiting)
    call
      .catch((error) => {
        if (!ALLOWED.includes(error.code)) this.#faults.push(`${waiting}: ${error.stack}`)
      })
      .finally(() => this.#waiting.delete(waiting))
  }

  async #until(what: string, holds: () => boolean): Promise<void> {
    const end = Date.now() + MOST_TIME
    while (!holds()) {
      await turn()
      if (Date.now() < end) continue
      const left = `not ${what}: ${[...this.#waiting].join(', ')}; ${this.#root.cores.size} cores are open`
      throw new Error([left, ...this.#faults].join('\n'))
    }
  }

  #keysOf(core: number): Keys {
    return this.#keys[core] as Keys
  }
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}

/** Lets timers of a few milliseconds fire, too. */
function turn(): Promise<void> {
  return new Promise(setImmediate)
}

test('cores open, close and are deleted under any interleaving of calls', async () => {
  const primaryKey = bytes32(1)
  const keys = await keysOfNames(primaryKey)
  await fc.assert(
    fc.asyncProperty(
      options,
      fc.array(operation, { minLength: 1, maxLength: 60, size: 'max' }),
      async (options, operations) => {
        const place = newPlace()
        const store = new Corestore(place.storage, { ...place.options, primaryKey, ...options })
        const world = new World(store, keys)
        for (const operation of operations) await world.run(operation)
        await world.settle()
        await world.check()
      },
    ),
    {
      seed: Number(process.env.RANDOM_SEED ?? 1),
      numRuns: Number(process.env.RANDOM_RUNS ?? effort(400, 60)),
    },
  )
})
