// Autobases for the tests: many writers, one log and one map that all of them agree on.

import type { Hypercore } from '@coreyard/hypercore-types'
import Autobase, { type AutobaseOptions, type Host, type Node, type ViewStore } from 'autobase'
import Hyperbee from 'hyperbee'
import { onTestFinished } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { hex } from '../helpers/bytes.js'
import { next } from '../helpers/events.js'
import { createStore } from '../helpers/stores.js'
import { connect } from '../helpers/streams.js'

/** What a writer says: a line for the log, an entry for the map, or the key (hex) of who may write, too, or no more. */
export type Message =
  | { line: string }
  | { key: string; value: string }
  | { add: string; indexer: boolean }
  | { remove: string }

/** What comes of all that the writers have said. */
export interface View {
  log: Hypercore<string>
  map: Hyperbee<string>
}

export type Base = Autobase<Message, View>

type Options = Pick<AutobaseOptions<Message, View>, 'encryptionKey' | 'encrypted' | 'keyPair'>

/** A base on a store of its own, closed with it when the test has finished. The first one has no `key`: it makes it. */
export async function openBase(
  store: string | Corestore,
  key: Uint8Array | null,
  options?: Options,
): Promise<Base> {
  const base = new Autobase<Message, View>(typeof store === 'string' ? createStore(store) : store, key, {
    open,
    apply,
    close: (view) => view.map.close(),
    valueEncoding: 'json',
    ackInterval: 50,
    ...options,
  })
  onTestFinished(() => base.close())
  await base.ready()
  return base
}

function open(store: ViewStore): View {
  const map = store.get({ name: 'map', valueEncoding: 'binary' })
  return {
    log: store.get({ name: 'log', valueEncoding: 'utf-8' }),
    map: new Hyperbee(map, { keyEncoding: 'utf-8', valueEncoding: 'utf-8', extension: false }),
  }
}

async function apply(nodes: Node<Message>[], { log, map }: View, host: Host): Promise<void> {
  for (const { value } of nodes) {
    if ('add' in value) await host.addWriter(Buffer.from(value.add, 'hex'), { indexer: value.indexer })
    else if ('remove' in value) await host.removeWriter(Buffer.from(value.remove, 'hex'))
    else if ('line' in value) await log.append(value.line)
    else await map.put(value.key, value.value)
  }
}

/** Waits for a base to come to something. */
export async function until(base: Base, condition: () => boolean): Promise<void> {
  while (!condition()) await next(base, 'update')
}

/** Waits until the indexers have signed so many lines of the log, in an order that stays, and says which. */
export async function lines(base: Base, count: number): Promise<string[]> {
  await until(base, () => base.view.log.signedLength >= count)
  const all: string[] = []
  for await (const line of base.view.log.createReadStream()) all.push(line)
  return all
}

/** Makes somebody a writer, and waits until they know. They must be connected. */
export async function addWriter(by: Base, writer: Base, indexer = true): Promise<void> {
  await by.append({ add: hex(writer.local.key), indexer })
  await until(writer, () => writer.writable)
}

/** Bases that are connected, each to each, and that all may write. They index, too, but those past the second. */
export async function openGroup<const Names extends readonly string[]>(
  names: Names,
  options?: Options,
): Promise<{ readonly [Index in keyof Names]: Base }>
export async function openGroup(names: readonly string[], options?: Options): Promise<Base[]> {
  const bases: Base[] = []
  for (const name of names) {
    const [first = null] = bases
    const base = await openBase(name, first?.key ?? null, options)
    for (const other of bases) connect(base, other)
    if (first !== null) await addWriter(first, base, bases.length < 2)
    bases.push(base)
  }
  return bases
}
