// What a store of any version holds: written in one, looked for in another.

import type { Hypercore } from '@coreyard/hypercore-types'
import { expect } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { hex } from './bytes.js'
import { keysOf, openStore } from './open-store.js'
import { connect, reads } from './streams.js'

/** A store of any version. */
export type AnyStore = Corestore | NamedStore

/** A core by its name, and the names of the namespaces around it, outermost first. */
interface NamedCore {
  readonly namespaces: readonly string[]
  readonly name: string
}

/** A core as it is found again. */
interface CoreContent {
  /** Hex. */
  readonly key: string
  /** `null` for one that is not here. */
  readonly blocks: readonly (string | null)[]
  readonly writable: boolean
}

const NAMED: readonly NamedCore[] = [
  { namespaces: [], name: 'empty' },
  { namespaces: [], name: 'short' },
  { namespaces: [], name: 'long' },
  { namespaces: [], name: 'truncated' },
  { namespaces: [], name: 'näme ✓' },
  { namespaces: ['app'], name: 'short' },
  { namespaces: ['app', 'users'], name: 'short' },
]

const LENGTHS: Readonly<Record<string, number>> = { empty: 0, long: 300, truncated: 40 }

/** What a store was given, to be looked for wherever its directory is opened next. */
export class Contents {
  readonly #primaryKey: Uint8Array | null
  readonly #named: Map<NamedCore, CoreContent>
  readonly #copy: CoreContent

  private constructor(primaryKey: Uint8Array | null, named: Map<NamedCore, CoreContent>, copy: CoreContent) {
    this.#primaryKey = primaryKey
    this.#named = named
    this.#copy = copy
  }

  /** How many cores there are. */
  get size(): number {
    return this.#named.size + 1
  }

  /** Writes cores under names, and copies some blocks of one from a peer. */
  static async write(store: AnyStore): Promise<Contents> {
    const named = new Map<NamedCore, CoreContent>()
    for (const which of NAMED) {
      const core = getNamed(store, which)
      await extend(core, which.name, LENGTHS[which.name] ?? 1)
      if (which.name === 'truncated') await core.truncate(25)
      named.set(which, await contentOf(core))
    }
    const copy = await copySome(store)
    // A copy: the store wipes its own when it closes.
    return new Contents(store.primaryKey && Uint8Array.from(store.primaryKey), named, copy)
  }

  /** Checks that a store holds all of it. */
  async expectIn(store: AnyStore): Promise<void> {
    for (const [which, content] of this.#named) {
      const byName = getNamed(store, which)
      expect(await contentOf(byName)).toEqual(content)
      expect(await contentOf(getByKey(store, content))).toEqual(content)
      await byName.close()
    }
    expect(await contentOf(getByKey(store, this.#copy))).toEqual(this.#copy)
    expect(store.primaryKey && Uint8Array.from(store.primaryKey)).toEqual(this.#primaryKey)
  }

  /** Appends to all named cores, and writes a new one. */
  async extendIn(store: AnyStore, label: string): Promise<void> {
    for (const which of [...this.#named.keys(), { namespaces: ['later'], name: label }]) {
      const core = getNamed(store, which)
      await extend(core, label, 3)
      this.#named.set(which, await contentOf(core))
    }
  }

  /** Checks that a peer of the store gets all of it that is there. */
  async expectServedBy(store: AnyStore): Promise<void> {
    const reader = openStore()
    connect(store, reader)
    for (const content of [...this.#named.values(), this.#copy]) {
      const core = reader.get(content.key)
      for (const [index, block] of content.blocks.entries()) {
        if (block !== null) await reads(core, block, index)
      }
    }
  }
}

function getNamed(store: AnyStore, { namespaces, name }: NamedCore): Hypercore {
  let inner = store
  for (const namespace of namespaces) inner = inner.namespace(namespace)
  return inner.get({ name })
}

function getByKey(store: AnyStore, { key }: CoreContent): Hypercore {
  return store.get({ key: Buffer.from(key, 'hex') })
}

/** Appends blocks, one at a time. */
async function extend(core: Hypercore, label: string, count: number): Promise<void> {
  await core.ready()
  const end = core.length + count
  while (core.length < end) await core.append(`${label} ${core.length}`)
}

/** Has a store copy the first and the last block of three from a peer. */
async function copySome(store: AnyStore): Promise<CoreContent> {
  const peer = openStore()
  const written = peer.get({ name: 'written' })
  await written.append(['first', 'second', 'third'])
  const copy = store.get(keysOf(written).key)
  connect(peer, store)
  await reads(copy, 'first', 0)
  await reads(copy, 'third', 2)
  await peer.close()
  const content = await contentOf(copy)
  expect(content).toMatchObject({ blocks: ['first', null, 'third'], writable: false })
  return content
}

async function contentOf(core: Hypercore): Promise<CoreContent> {
  await core.ready()
  const blocks: (string | null)[] = []
  for (let index = 0; index < core.length; index++) {
    const here = await core.has(index)
    blocks.push(here ? Buffer.from(await core.get(index)).toString() : null)
  }
  return { key: hex(core.key), blocks, writable: core.writable }
}
