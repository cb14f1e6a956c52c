// The life of many cores: they are created, appended to in turn, opened again in two ways, and sessions of them come and go.

import type { Hypercore } from '@coreyard/hypercore-types'
import { expectResult } from '../bench-error.js'
import type { Store } from '../contestants/contestant.js'
import { blocks, coreName, keyOf } from './material.js'
import { type Task, type TaskRun, withStore } from './task.js'

/** How often each core is appended to. */
const TURNS = 2

/** A prime, so that the cores have their turn in no order that a cache could guess. */
const STEP = 7919

export const cores: Task = {
  id: 'cores',
  rows: [
    { id: 'create', title: 'create named cores, one after another', per: 'core', unit: 'time' },
    {
      id: 'append-turns',
      title: 'append to many cores in turn, a block at a time',
      per: 'block',
      unit: 'time',
    },
    { id: 'reopen', title: 'reopen cores by name, one after another', per: 'core', unit: 'time' },
    { id: 'reopen-at-once', title: 'reopen cores by name, all at once', per: 'core', unit: 'time' },
    {
      id: 'session-name',
      title: 'a session on an open core by name, and close it',
      per: 'session',
      unit: 'time',
    },
    {
      id: 'session-key',
      title: 'a session on an open core by key, and close it',
      per: 'session',
      unit: 'time',
    },
  ],
  scales: 'cores',
  rehearsed: true,
  async run(run) {
    const where = await run.place()
    const names = Array.from({ length: run.cores }, (_, i) => coreName(i))
    await withStore(where, async (store) => {
      const open = await create(run, store, names)
      await appendInTurn(run, open)
    })
    await withStore(where, async (store) => {
      const open = await run.measure('reopen', names.length, () => oneByOne(store, names))
      expectFilled(open)
    })
    await withStore(where, async (store) => {
      const open = await run.measure('reopen-at-once', names.length, () =>
        Promise.all(names.map((name) => store.named(name))),
      )
      expectFilled(open)
      await sessions(run, store, names, open)
    })
  },
}

async function create({ measure }: TaskRun, store: Store, names: readonly string[]): Promise<Hypercore[]> {
  const open = await measure('create', names.length, () => oneByOne(store, names))
  expectResult(
    open.filter(({ writable, length }) => writable && length === 0).length,
    open.length,
    'empty cores',
  )
  expectResult(new Set(open.map(({ id }) => id)).size, open.length, 'different cores')
  return open
}

async function appendInTurn({ measure }: TaskRun, open: readonly Hypercore[]): Promise<void> {
  const turns = blocks(TURNS)
  await measure('append-turns', open.length * TURNS, async () => {
    for (const block of turns) for (const core of open) await core.append(block)
  })
  expectFilled(open)
}

async function sessions(
  { sizes, measure }: TaskRun,
  store: Store,
  names: readonly string[],
  open: readonly Hypercore[],
): Promise<void> {
  const turns = Array.from({ length: sizes.sessions }, (_, i) => (i * STEP) % open.length)
  const namesInTurn = turns.map((turn) => names[turn] ?? '')
  const keys = open.map(keyOf)
  const keysInTurn = turns.map((turn) => keys[turn] ?? new Uint8Array())
  await measure('session-name', turns.length, async () => {
    for (const name of namesInTurn) await (await store.named(name)).close()
  })
  await measure('session-key', turns.length, async () => {
    for (const key of keysInTurn) await (await store.byKey(key)).close()
  })
  expectResult(open.filter(({ closed }) => closed).length, 0, 'cores that closed with their sessions')
}

async function oneByOne(store: Store, names: readonly string[]): Promise<Hypercore[]> {
  const open = []
  for (const name of names) open.push(await store.named(name))
  return open
}

function expectFilled(open: readonly Hypercore[]): void {
  const filled = open.filter(({ writable, length }) => writable && length === TURNS)
  expectResult(filled.length, open.length, `cores of ${TURNS} blocks`)
}
