// What a store knows of what was before: whether it goes on where it was left, or may be older than what its peers have.

import { describe, expect, onTestFinished, test } from 'vitest'
import { nameSession } from '../src/engine/continuity.js'
import { type OpenMark, readMark, writeMark } from '../src/engine/open-mark.js'
import { memoryStorage, type StorageArgument, type StorageEngine, storageEngine } from '../src/index.js'
import { emptyDirectory } from './directories.js'
import { PLACES, type Place } from './places.js'

const DIRECTORIES = PLACES.filter(([name]) => name !== 'memory')

type Change = (mark: OpenMark) => Partial<OpenMark>

test.each(PLACES)('a new store on %s is in no doubt, and a closed one neither', async (_, makePlace) => {
  const place = makePlace()
  for (const _ of [1, 2, 3]) {
    const engine = await begin(place)
    expect([await engine.continuity.doubtOf(0), engine.continuity.isCopy]).toEqual([null, false])
    await end(engine)
  }
})

describe.each(DIRECTORIES)('a store on %s', (_, makePlace) => {
  test.each<[string, Change, 'ask' | 'strict' | null]>([
    ['that is open since another start of the machine', () => ({ boot: 'other', state: 'open' }), 'ask'],
    ['that was closed before another start of the machine', () => ({ boot: 'other' }), null],
    ['of which the process has ended', () => ({ state: 'open' }), null],
    ['that was made at another time', at({ born: '1' }), 'strict'],
    ['that has another number in its file system', at({ inode: '1' }), 'ask'],
    ['of which it is not known when it was made', at({ born: '0' }), null],
    ['whose file was changed', at({ modified: '1' }), 'ask'],
    ['that is in another file system', at({ device: '1' }), 'ask'],
    [
      'that is in another file system after another start of the machine',
      (mark) => ({ ...at({ device: '1' })(mark), boot: 'other' }),
      null,
    ],
    ['that was converted, and closed before', () => ({ place: null }), null],
    ['that was converted, and was open', () => ({ place: null, state: 'open' }), 'ask'],
  ])('%s', async (_, change, doubt) => {
    const place = makePlace()
    await fill(place)
    await alter(place, change)
    const engine = await begin(place)
    expect(await engine.continuity.doubtOf(0)).toBe(doubt)
    expect(engine.continuity.isCopy).toBe(doubt === 'strict')
    await end(engine)
  })

  test('is in doubt until each core is settled, and later cores are not in doubt', async () => {
    const place = makePlace()
    await fill(place)
    await alter(place, at({ born: '1' }))
    const first = await begin(place)
    await first.continuity.settle(0)
    await end(first)
    const second = await begin(place)
    const doubts = [0, 1, 2].map((pointer) => second.continuity.doubtOf(pointer))
    expect(await Promise.all(doubts)).toEqual([null, 'strict', null])
    await end(second)
  })

  test('that is in doubt again keeps the greater doubt', async () => {
    const place = makePlace()
    await fill(place)
    await alter(place, at({ born: '1' }))
    const copied = await begin(place)
    await copied.continuity.settle(0)
    await end(copied)
    await alter(place, () => ({ boot: 'other', state: 'open' }))
    const engine = await begin(place)
    const doubts = [0, 1].map((pointer) => engine.continuity.doubtOf(pointer))
    expect(await Promise.all(doubts)).toEqual(['ask', 'strict'])
    await engine.continuity.trust()
    await end(engine)
    const again = await begin(place)
    expect([await again.continuity.doubtOf(1), again.continuity.isCopy]).toEqual([null, false])
    await end(again)
  })
})

test('the second copy of a closed store in one process is in doubt', async () => {
  const left = memoryStorage()
  await fill({ argument: left })
  const copies = [memoryStorage(), memoryStorage()]
  for (const copy of copies) await copyBytes(left, copy)
  const doubts: unknown[] = []
  for (const argument of copies) {
    const engine = await begin({ argument })
    doubts.push(await engine.continuity.doubtOf(0))
    await end(engine)
  }
  expect(doubts).toEqual([null, 'ask'])
})

test('an engine that writes no cores leaves no mark', async () => {
  const argument = emptyDirectory()
  const engine = storageEngine(argument)
  await engine.open()
  expect(await readMark(engine.storage)).toBeNull()
  await engine.close()
})

function at(place: Partial<NonNullable<OpenMark['place']>>): Change {
  return (mark) => ({ place: mark.place && { ...mark.place, ...place } })
}

/** A store with two cores, begun and closed. */
async function fill(place: Place): Promise<void> {
  const engine = await begin(place)
  for (const byte of [1, 2]) {
    const key = new Uint8Array(32).fill(byte)
    const core = await engine.storage.createCore({ key, discoveryKey: key, manifest: null, keyPair: null })
    await core.close()
  }
  await end(engine)
}

/** Changes the mark that a store was left with. */
async function alter({ argument, options }: Place, change: Change): Promise<void> {
  const engine = storageEngine(argument, options)
  await engine.open()
  const mark = await readMark(engine.storage)
  if (mark === null) throw new Error('The store has no mark')
  await writeMark(engine.storage, { ...mark, session: nameSession(), ...change(mark) })
  await engine.close()
}

async function begin({ argument, options }: Place, more: object = {}): Promise<StorageEngine> {
  const engine = storageEngine(argument, { ...options, ...more })
  onTestFinished(() => engine.close())
  await engine.open()
  await engine.continuity.begin()
  return engine
}

async function end(engine: StorageEngine): Promise<void> {
  await engine.continuity.end()
  await engine.close()
}

async function copyBytes(from: StorageArgument, to: StorageArgument): Promise<void> {
  const [source, destination] = [from, to].map((make) => (make as (path: string) => Raw)('store.kv'))
  if (source === undefined || destination === undefined) return
  let size = 0
  source.stat((_, stat) => {
    size = stat?.size ?? 0
  })
  source.read(0, size, (_, bytes = new Uint8Array(0)) => destination.write(0, bytes, () => {}))
}

interface Raw {
  stat(done: (error: Error | null, stat?: { size: number }) => void): void
  read(offset: number, size: number, done: (error: Error | null, bytes?: Uint8Array) => void): void
  write(offset: number, bytes: Uint8Array, done: () => void): void
}
