// Autobases for the tests: many writers, one log and one map that all of them agree on.

import type { Hypercore } from '@coreyard/hypercore-types'
import Autobase, { type AutobaseOptions, type Host, type Node, type ViewStore } from 'autobase'
import Hyperbee from 'hyperbee'
import { onTestFinished } from 'vitest'
import type { Corestore } from '../../src/index.js'
import { hex } from '../helpers/bytes.js'
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
    ackInterval: 0,
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
  while (!condition()) await changed([base])
}

/** Waits until all of them know all that each of them has written. */
export async function synced(bases: readonly Base[]): Promise<void> {
  while (new Set(bases.map(headsOf)).size > 1) await changed(bases)
}

/** The messages that none answers: who has the same ones has all the same messages. */
function headsOf(base: Base): string {
  return base
    .heads()
    .map(({ key, length }) => `${hex(key)} ${length}`)
    .join()
}

/** Waits until one of them has changed. */
function changed(bases: readonly Base[]): Promise<void> {
  const events = ['update', 'writable', 'unwritable'] as const
  return new Promise((resolve) => {
    const listener = () => {
      for (const base of bases) for (const event of events) base.off(event, listener)
      resolve()
    }
    for (const base of bases) for (const event of events) base.on(event, listener)
  })
}

/**
 * Has those who index sign all that there is, so that its order is settled; all of them must be connected. Each signs what the others
 * have said they have, which they say in turn: that takes a few rounds.
 */
export async function settle(bases: readonly Base[]): Promise<void> {
  await synced(bases)
  while (!bases.every(({ view: { log } }) => log.signedLength === log.length)) {
    for (const base of bases) {
      if (!base.isIndexer) continue
      await base.append(null)
      await synced(bases)
    }
  }
}

/** What the log says. */
export async function linesOf({ view: { log } }: Base): Promise<string[]> {
  const lines: string[] = []
  for await (const line of log.createReadStream()) lines.push(line)
  return lines
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
