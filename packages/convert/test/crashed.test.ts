// A Corestore 6 whose process ended after any write to any of its files: what is converted is what Corestore 6 would open.

import { memoryStorage, type RandomAccessFunction, type StorageArgument } from '@coreyard/storage'
import Corestore7 from 'corestore-7'
import flat from 'flat-tree'
import crypto from 'hypercore-crypto'
import RAM from 'random-access-memory'
import { expect, it } from 'vitest'
import { convert } from '../src/index.js'
import { corestore6, hex, type Looks, looksOf } from './corestore-6.js'
import { engineOf } from './engines.js'

/** What Corestore 6 says where tree nodes are gone that it goes by. */
const CANNOT_OPEN = /Could not (load node|satisfy length)/

type Change = readonly [path: string, method: 'write' | 'del' | 'truncate', ...args: unknown[]]

it('a core that was appended to, truncated, cleared and named is what Corestore 6 makes of it', async () => {
  const changes: Change[] = []
  const store = corestore6(journaled(RAM.reusable(), changes))
  const core = store.get({ name: 'a' })
  await core.append(['0', '', '22', '333'])
  await core.append(['4', '5'])
  await core.truncate(3)
  await core.append(['other 3', '', 'other 5', 'other 6', 'other 7'])
  await core.truncate(5, 9)
  await core.truncate(4)
  await core.setUserData('mine', new Uint8Array(3))
  await core.append(['third 4'])
  await core.clear(0, 2)
  await core.truncate(0)
  await core.append(['new 0', 'new 1', 'new 2'])
  const { key } = core
  await store.close()

  // Before the first block, Corestore 6 fails for a core that has its name, and not yet the namespace of that.
  const first = changes.findIndex(([path]) => path.endsWith('/data'))
  expect(await compareImages(changes, first, key)).toBeGreaterThan(10)
})

it('a core that was truncated in a crash and then appended to is what Corestore 6 makes of it', async () => {
  const before: Change[] = []
  const store = corestore6(journaled(RAM.reusable(), before))
  const core = store.get({ name: 'a' })
  for (let index = 0; index < 8; index++) await core.append(`block ${index}`)
  await core.truncate(3)
  const { key } = core
  await store.close()
  let crashes = 0
  for (let count = before.length - 8; count < before.length; count++) {
    const after: Change[] = []
    const again = corestore6(journaled(await imageOf(before.slice(0, count)), after))
    try {
      await again.get({ name: 'a' }).append(['x', 'y', 'z'])
      crashes++
    } catch (error) {
      expect(String(error)).toMatch(CANNOT_OPEN)
      continue
    } finally {
      await again.close()
    }
    await compareImages([...before.slice(0, count), ...after], count, key)
  }
  expect(crashes).toBeGreaterThan(2)
})

it('a core that follows another fork of its writer is what Corestore 6 makes of it', async () => {
  const changes: Change[] = []
  const writing = RAM.reusable()
  const writer = corestore6(writing)
  const reader = corestore6(journaled(RAM.reusable(), changes))
  const core = writer.get({ name: 'a' })
  await core.append(Array.from({ length: 11 }, (_, index) => `block ${index}`))
  const copy = reader.get(core.key)
  await copy.ready()
  const [near, far] = [writer.replicate(true), reader.replicate(false)]
  near.pipe(far).pipe(near)
  for (let index = 0; index < 11; index++) await copy.get(index)
  await core.truncate(6)
  await core.append(Array.from({ length: 9 }, (_, index) => `other ${index}`))
  while (copy.fork !== 1) await new Promise(setImmediate)
  for (const index of [14, 7, 12]) await copy.get(index)
  await Promise.all([writer.close(), reader.close()])

  const first = changes.findIndex(([path]) => path.endsWith('/data'))
  const tree = await treeOf(writing, core.key)
  expect(tree.size).toBe(15 + 7 + 3 + 1)
  const check = async (looks: Looks, image: RandomAccessFunction) => {
    if (looks.fork === 0) return
    // Nothing is left of the fork before.
    for (const [index, hash] of await treeOf(image, core.key))
      expect([index, hash]).toEqual([index, tree.get(index)])
  }
  expect(await compareImages(changes, first, core.key, check)).toBeGreaterThan(5)
})

/** The hashes of the tree nodes that a core has once it is converted, in hex. */
async function treeOf(image: RandomAccessFunction, key: Uint8Array): Promise<Map<number, string>> {
  const to = memoryStorage()
  await convert(image, to, { cores: [key] })
  const engine = engineOf(to)
  const records = await engine.storage.resumeCore(crypto.discoveryKey(key))
  const nodes = new Map<number, string>()
  for await (const { index, hash } of records?.createTreeNodeStream() ?? []) nodes.set(index, hex(hash))
  await records?.close()
  await engine.close()
  return nodes
}

/** Compares what was left after each change, from that one on. Returns how many different states there were. */
async function compareImages(
  changes: readonly Change[],
  first: number,
  key: Uint8Array,
  check?: (looks: Looks, image: RandomAccessFunction) => Promise<void>,
): Promise<number> {
  const seen = new Set<string>()
  /** What was converted where Corestore 6 fails: it has removed tree nodes, and cannot go by the entry that says so. */
  let unsure: Looks[] = []
  for (let count = first; count <= changes.length; count++) {
    const ram = await imageOf(changes.slice(0, count))
    const to = memoryStorage()
    // Corestore 6 mends what it opens, so it comes after.
    await convert(ram, to, { cores: [key] })
    const looks = await looksConverted(to, key)
    await check?.(looks, ram)
    const wanted = await looksIn6(ram, key)
    if (wanted === null) {
      unsure.push(looks)
      continue
    }
    for (const each of [...unsure, looks]) expect(each).toEqual(wanted)
    unsure = []
    seen.add(JSON.stringify(wanted))
  }
  return seen.size
}

async function looksConverted(storage: StorageArgument, key: Uint8Array): Promise<Looks> {
  const engine = engineOf(storage)
  await engine.open()
  const records = await engine.storage.resumeCore(crypto.discoveryKey(key))
  const last: number[] = []
  for await (const { index } of records?.createTreeNodeStream() ?? []) last.push(flat.rightSpan(index))
  await records?.close()
  const store = new Corestore7(engine.storage)
  const core = store.get(key)
  await core.ready()
  // Nothing is left of what was truncated.
  expect(Math.max(-1, ...last)).toBeLessThan(2 * core.length)
  const looks = await looksOf(core)
  await store.close()
  return looks
}

/** What Corestore 6 makes of it; `null` if it cannot open it. */
async function looksIn6(storage: (path: string) => object, key: Uint8Array): Promise<Looks | null> {
  const store = corestore6(storage)
  try {
    return withoutHint(await looksOf(store.get(key)))
  } catch (error) {
    expect(String(error)).toMatch(CANNOT_OPEN)
    return null
  } finally {
    await store.close()
  }
}

/** Hypercore 10 keeps a hint of the contiguous length that a crash may leave behind; here it is counted. */
function withoutHint(looks: Looks): Looks {
  const missing = looks.blocks.indexOf(null)
  return { ...looks, contiguousLength: missing === -1 ? looks.length : missing }
}

/** The same storages, that note down what changes them. */
function journaled(make: (path: string) => RAM, changes: Change[]): (path: string) => object {
  return (path) =>
    new Proxy(make(path), {
      get(target, name) {
        const value = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          if (name === 'write' || name === 'del' || name === 'truncate') {
            changes.push([
              path,
              name,
              ...args.slice(0, -1).map((arg) => (arg instanceof Uint8Array ? Buffer.from(arg) : arg)),
            ])
          }
          return value.apply(target, args)
        }
      },
    })
}

/** Storages that have seen these changes and no more. */
async function imageOf(changes: readonly Change[]): Promise<(path: string) => RAM> {
  const make = RAM.reusable()
  for (const [path, method, ...args] of changes) {
    const storage = make(path)
    await new Promise<void>((resolve, reject) => {
      const done = (error: Error | null) => (error ? reject(error) : resolve())
      Reflect.apply(storage[method], storage, [...args, done])
    })
    await new Promise<void>((resolve) => storage.close(() => resolve()))
  }
  return make
}
