import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { memoryStorage, type RandomAccessFunction, type StorageArgument } from '@coreyard/storage'
import Corestore7 from 'corestore-7'
import HypercoreStorage from 'hypercore-storage'
import { describe, expect, it } from 'vitest'
import { emptyDirectory, key } from '../../storage/test/directories.js'
import { type ConvertOptions, type CopyProgress, convert } from '../src/index.js'
import { engineOf } from './engines.js'
import { fill, PLACES, type Place, recordsOf } from './stores.js'

const batchSize = 600

describe.each(PLACES)('a conversion to %s', (_, make) => {
  it('that is aborted after any batch leaves no store, and continues without writing a record twice', async () => {
    const from: Place = { argument: memoryStorage() }
    await fill(from)
    const wanted = await recordsOf(from)
    for (let stop = 1; ; stop++) {
      const to = make()
      const aborting = abortAfter(stop)
      const options: ConvertOptions = { to: to.options, batchSize }
      if (await finishes(convert(from.argument, to.argument, { ...options, ...aborting.options }), 'enough'))
        break
      await expectUnfinished(to)
      const { entries, written } = await convert(from.argument, to.argument, options)
      expect(written).toBe(entries - aborting.copied())
      expect(await recordsOf(to)).toEqual(wanted)
    }
  })

  it('is finished only with its first source', async () => {
    const [from, other, to] = [memoryStorage(), memoryStorage(), make()]
    await fill({ argument: from })
    const engine = engineOf(other, { primaryKey: key(9) })
    await engine.open()
    await engine.close()
    await expectAborted(from, to)
    await expect(convert(other, to.argument, { to: to.options })).rejects.toMatchObject({
      code: 'STORAGE_NOT_EMPTY',
    })
    await expectUnfinished(to)
    await convert(from, to.argument, { to: to.options })
    expect(await recordsOf(to)).toEqual(await recordsOf({ argument: from }))
  })

  it('is no source of another one before it is finished', async () => {
    const [from, to, next] = [memoryStorage(), make(), memoryStorage()]
    await fill({ argument: from })
    await expectAborted(from, to)
    await expect(convert(to.argument, next, { from: to.options })).rejects.toMatchObject({
      code: 'STORAGE_UNFINISHED',
    })
  })

  it('has the records of the source when it continues, also when the source has changed', async () => {
    const [from, to] = [memoryStorage(), make()]
    await fill({ argument: from }, 3, 10)
    await expectAborted(from, to, 30)
    const engine = engineOf(from)
    const store = new Corestore7(engine.storage)
    await store.get({ name: 'core 0' }).append('more')
    const core = store.get({ name: 'core 1' })
    await core.ready()
    await core.truncate(2)
    await store.get({ name: 'another' }).append('block')
    await store.close()
    await convert(from, to.argument, { to: to.options })
    expect(await recordsOf(to)).toEqual(await recordsOf({ argument: from }))
  })
})

describe.each(PLACES.slice(0, 2))('a conversion to %s', (_, make) => {
  it('continues after the process was killed', async () => {
    const from = { argument: emptyDirectory() }
    await fill(from, 20, 20)
    for (const batches of [1, 20, 60]) {
      const to = make()
      const script = fileURLToPath(new URL('killed-process.js', import.meta.url))
      const child = fork(script, [
        JSON.stringify({ from: from.argument, to: to.argument, engine: to.options?.engine, batches }),
      ])
      const [code, signal] = await once(child, 'exit')
      expect([code, signal]).toEqual([null, 'SIGKILL'])
      await expectUnfinished(to)
      const { entries, written } = await convert(from.argument, to.argument, { to: to.options })
      expect(entries - written).toBeGreaterThanOrEqual(batches)
      expect(await recordsOf(to)).toEqual(await recordsOf(from))
    }
  })
})

describe('a conversion', () => {
  it.each(['source', 'destination'] as const)(
    'continues after any operation of the %s failed',
    async (failing) => {
      const from = memoryStorage()
      await fill({ argument: from }, 2, 6)
      const wanted = await recordsOf({ argument: from })
      for (let after = 0; ; after++) {
        const to = memoryStorage()
        const fails = failsAfter(failing === 'source' ? from : to, after)
        const sides = failing === 'source' ? ([fails, to] as const) : ([from, fails] as const)
        const finished = await finishes(convert(...sides, { batchSize }), 'the disk is gone')
        await convert(from, to)
        expect(await recordsOf({ argument: to })).toEqual(wanted)
        if (finished) break
      }
    },
  )

  it('that is aborted before it begins creates nothing', async () => {
    const [from, directory] = [memoryStorage(), emptyDirectory()]
    await fill({ argument: from })
    await expect(convert(from, directory, { signal: AbortSignal.abort('not now') })).rejects.toBe('not now')
    await expect(convert(directory, memoryStorage())).rejects.toMatchObject({ code: 'STORAGE_NO_STORE' })
  })

  it('that has finished is compared when it is called again, and changes nothing', async () => {
    const [from, to] = [memoryStorage(), emptyDirectory()]
    await fill({ argument: from })
    const first = await convert(from, to)
    expect(await convert(from, to)).toEqual({ ...first, written: 0 })
    await fill({ argument: to }, 3)
    await expect(convert(from, to)).rejects.toMatchObject({ code: 'STORAGE_NOT_EMPTY' })
  })

  it('rejects with what progress throws', async () => {
    const [from, to] = [memoryStorage(), memoryStorage()]
    await fill({ argument: from })
    const error = new Error('mine')
    const progress = () => {
      throw error
    }
    await expect(convert(from, to, { progress })).rejects.toBe(error)
    await expectUnfinished({ argument: to })
  })

  it.each([
    [
      'is written otherwise',
      (value: Uint8Array) => Uint8Array.from(value, (byte, at) => (at === 0 ? byte ^ 1 : byte)),
    ],
    ['is not written', () => null],
  ])('is an error that names the record if one %s, and mends that when it goes on', async (_, change) => {
    const [from, place] = [memoryStorage(), memoryStorage()]
    await fill({ argument: from })
    const engine = engineOf(place)
    const { db } = engine.storage
    const write = db.write.bind(db)
    db.write = (options) => {
      const batch = write(options)
      const put = batch.tryPut.bind(batch)
      batch.tryPut = (key, value) => {
        const changed = isSecondBlock(key) ? change(value) : value
        if (changed !== null) put(key, changed)
      }
      return batch
    }
    await expect(convert(from, engine.storage)).rejects.toMatchObject({
      code: 'STORAGE_DIFFERS',
      message: expect.stringMatching(/block 1 of core data \d/),
    })
    await engine.close()
    await expectUnfinished({ argument: place })
    expect(await convert(from, place)).toMatchObject({ written: 2 })
    expect(await recordsOf({ argument: place })).toEqual(await recordsOf({ argument: from }))
  })
})

/** Whether the key is that of block 1 of a core (hypercore-storage/lib/keys.js: data 4, pointer, blocks 3, number). */
function isSecondBlock(key: Uint8Array): boolean {
  return key[0] === 4 && key[2] === 3 && key[3] === 1
}

/** Options that abort a conversion after so many batches, and how many records were copied by then. */
function abortAfter(batches: number): { options: ConvertOptions; copied: () => number } {
  const controller = new AbortController()
  let [left, copied] = [batches, 0]
  const progress = ({ phase, entries }: CopyProgress) => {
    if (phase === 'copying') copied = entries
    if (--left === 0) controller.abort('enough')
  }
  return { options: { progress, signal: controller.signal }, copied: () => copied }
}

async function expectAborted(
  from: StorageArgument,
  { argument, options }: Place,
  batches = 3,
): Promise<void> {
  const aborting = abortAfter(batches)
  await expect(convert(from, argument, { to: options, batchSize, ...aborting.options })).rejects.toBe(
    'enough',
  )
}

/** Whether a conversion finishes; if not, its reason must be this. */
async function finishes(converting: Promise<unknown>, reason: string): Promise<boolean> {
  try {
    await converting
    return true
  } catch (error) {
    expect(error instanceof Error ? error.message : error).toContain(reason)
    return false
  }
}

/** Nothing opens it as a store: neither we, whatever is asked first, nor Corestore 7. */
async function expectUnfinished({ argument, options }: Place): Promise<void> {
  const code = 'STORAGE_UNFINISHED'
  for (const readOnly of [false, true]) {
    const engine = engineOf(argument, { ...options, readOnly })
    await expect(engine.open()).rejects.toMatchObject({ code })
    await expect(engine.storage.getSeed()).rejects.toMatchObject({ code })
    await expect(engine.storage.resumeCore(key(1))).rejects.toMatchObject({ code })
    await engine.close()
  }
  if (typeof argument !== 'string') return
  const engine = engineOf(argument, { ...options, primaryKey: key(1) })
  await expect(engine.open()).rejects.toMatchObject({ code })
  await engine.close()
  if (options?.engine === 'random-access') return
  const corestore7 = new HypercoreStorage(argument)
  await expect(corestore7.ready()).rejects.toThrow('Unsupported version')
  await corestore7.close()
}

/** The same storage, of which every operation fails after so many. */
function failsAfter(make: RandomAccessFunction, count: number): RandomAccessFunction {
  let left = count
  return (path) => {
    const storage = make(path)
    const or = <Done extends (error: Error | null) => void>(run: () => void, done: Done) => {
      if (left-- > 0) run()
      else done(new Error('the disk is gone'))
    }
    return {
      open: (done) => storage.open?.(done),
      read: (offset, size, done) => or(() => storage.read(offset, size, done), done),
      write: (offset, data, done) => or(() => storage.write(offset, data, done), done),
      stat: (done) => or(() => storage.stat?.(done), done),
      truncate: (size, done) => or(() => storage.truncate?.(size, done), done),
      close: (done) => storage.close?.(done),
    }
  }
}
