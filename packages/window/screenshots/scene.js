// A store at work, for pictures: a thousand cores, some of which come from peers while others go to them.

import { Corestore } from '@coreyard/corestore'
import RAM from 'random-access-memory'

const FOLDERS = ['chat', 'photos', 'notes', 'music', 'sensors', 'mail', 'maps', 'code']
const TOPICS = [
  'general',
  'family',
  'harbour',
  'garden',
  'trips',
  'kitchen',
  'studio',
  'office',
  'archive',
  'north',
]
/** How many cores come from peers, and how many blocks each has. */
const COMING = 14
const BLOCKS = 3000

/** @returns the store, and what ends it all */
export async function playScene(directory) {
  const store = new Corestore(directory, { engine: 'random-access' })
  const others = [new Corestore(RAM), new Corestore(RAM), new Corestore(RAM)]
  let isOver = false
  const own = await fill(store, 1000 - COMING)
  for (const other of others) connect(store, other)
  const work = []
  for (let index = 0; index < COMING; index++) {
    const from = others[index % 2]
    const there = from.get({ name: nameOf(index * 7 + 3) })
    await there.append(blocks(BLOCKS + index * 211))
    work.push(come(store.get({ key: there.key }), index, () => isOver))
  }
  for (const [index, { key, length }] of own.entries())
    work.push(go(others[1 + (index % 2)].get({ key }), length, index, () => isOver))
  work.push(grow(own, () => isOver))
  return {
    store,
    async end() {
      isOver = true
      await Promise.all([store.close(), ...others.map((other) => other.close())])
      await Promise.allSettled(work)
    },
  }
}

/** Gives the cores that go to peers. */
async function fill(store, count) {
  const own = []
  const random = randomOf(7)
  for (let start = 0; start < count; start += 200) {
    const indexes = Array.from({ length: Math.min(200, count - start) }, (_, index) => start + index)
    await Promise.all(
      indexes.map(async (index) => {
        const core = store.get({ name: nameOf(index) })
        await core.append(blocks(index < 6 ? 4000 : 1 + Math.floor(random() * 40)))
        if (index < 6) own.push(core)
        else await core.close()
      }),
    )
  }
  return own
}

function nameOf(index) {
  const folder = FOLDERS[index % FOLDERS.length]
  const topic = TOPICS[Math.floor(index / FOLDERS.length) % TOPICS.length]
  const number = Math.floor(index / (FOLDERS.length * TOPICS.length))
  return number === 0 ? `${folder}/${topic}` : `${folder}/${topic}-${number + 1}`
}

/** Blocks come in runs, here and there. */
async function come(core, index, isOver) {
  const random = randomOf(index + 1)
  const runs = 3 + (index % 5)
  const places = Array.from({ length: runs }, () => Math.floor(random() * BLOCKS))
  if (index % 3 === 0) places.splice(0, runs, 0)
  while (!isOver()) {
    const which = Math.floor(random() * places.length)
    const start = places[which]
    const end = Math.min(BLOCKS, start + 6 + Math.floor(random() * 40))
    places[which] = end >= BLOCKS ? 0 : end
    await Promise.all(Array.from({ length: end - start }, (_, offset) => core.get(start + offset))).catch(
      () => {},
    )
    await pause(60 + index * 45)
  }
}

async function go(copy, length, index, isOver) {
  for (let block = 0; !isOver(); block = (block + 8) % length) {
    await Promise.all(Array.from({ length: 8 }, (_, offset) => copy.get(block + offset))).catch(() => {})
    await pause(90 + index * 60)
  }
}

async function grow(cores, isOver) {
  for (let turn = 0; !isOver(); turn++) {
    await cores[turn % cores.length].append(blocks(1)).catch(() => {})
    await pause(2500)
  }
}

function connect(one, other) {
  const near = one.replicate(true)
  near.pipe(other.replicate(false)).pipe(near)
}

function blocks(count) {
  return Array.from({ length: count }, (_, index) => Buffer.alloc(700, `block ${index} `))
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** The same numbers each time (mulberry32). */
function randomOf(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }
}
