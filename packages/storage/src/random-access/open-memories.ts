// Which storages without a file are open in this process. Two stores on one memory would undo each other's writes without an error,
// so the second one is refused wherever the storages show that they share what they keep.
import { KvError, type RandomAccessStorage } from '@coreyard/random-access-kv'
import b4a from 'b4a'
import ScopeLock from 'scope-lock'
import { readStorage, sizeOf } from './storage-calls.js'

/** A storage that a class or function made for a store. */
export interface Memory {
  /** The class or function. */
  readonly argument: object
  readonly storage: RandomAccessStorage
  readonly readOnly: boolean
}

/** How much of two storages is compared: the meta pages of random-access-kv, which have a random number of their store. */
const COMPARED = 8192

const open = new Set<Memory>()
/** By class or function. */
const turns = new WeakMap<object, ScopeLock>()
/** By storage, the one that it is a clone of. */
const origins = new WeakMap<object, object>()

/**
 * Remembers the clones of a storage. The function of `RAM.reusable()` returns clones of the storage that it made first, and they do not
 * share their bytes.
 */
export function trackClones(storage: RandomAccessStorage): void {
  const clone: unknown = Reflect.get(storage, 'clone')
  if (typeof clone !== 'function') return
  const origin = originOf(storage)
  Object.defineProperty(storage, 'clone', {
    configurable: true,
    value: () => {
      const copy: RandomAccessStorage = clone.call(storage)
      origins.set(copy, origin)
      trackClones(copy)
      return copy
    },
  })
}

/**
 * Waits until the stores that were opened before with the same class or function have written their first bytes: only then can they
 * be compared. Returns what says so of this one.
 */
export async function takeTurn(argument: object): Promise<() => void> {
  const turn = turns.get(argument) ?? new ScopeLock()
  turns.set(argument, turn)
  await turn.lock()
  return () => turn.unlock()
}

/** Adds a memory to those that are open. Throws `KV_LOCKED` if another store has it open; stores that only read may share it. */
export async function holdMemory(memory: Memory): Promise<void> {
  for (const other of open) {
    if ((memory.readOnly && other.readOnly) || !(await isSame(memory, other))) continue
    throw new KvError(
      'KV_LOCKED',
      'What the class or function made is open in another store: close that one first',
    )
  }
  open.add(memory)
}

/** A memory is no longer open. Returns whether its storage may be closed: it may be that of another store, too. */
export function releaseMemory(memory: Memory): boolean {
  open.delete(memory)
  return [...open].every(({ storage }) => storage !== memory.storage)
}

async function isSame(a: Memory, b: Memory): Promise<boolean> {
  if (originOf(a.storage) === originOf(b.storage) || shareBytes(a.storage, b.storage)) return true
  return a.argument === b.argument && (await haveSameStore(a.storage, b.storage))
}

function originOf(storage: object): object {
  return origins.get(storage) ?? storage
}

/** Whether two random-access-memories have one list of pages, or their first pages are in the same bytes. */
function shareBytes(a: object, b: object): boolean {
  const pages: unknown = Reflect.get(a, 'buffers')
  if (Array.isArray(pages) && pages === Reflect.get(b, 'buffers')) return true
  const [first, second] = [firstPage(a), firstPage(b)]
  if (first === null || second === null || first.buffer !== second.buffer) return false
  return (
    first.byteOffset < second.byteOffset + second.length &&
    second.byteOffset < first.byteOffset + first.length
  )
}

function firstPage(storage: object): Uint8Array | null {
  const pages: unknown = Reflect.get(storage, 'buffers')
  return Array.isArray(pages) && pages[0] instanceof Uint8Array ? pages[0] : null
}

/** Whether two storages hold the same store, so that they show the same bytes. One that is open may write meanwhile. */
async function haveSameStore(a: RandomAccessStorage, b: RandomAccessStorage): Promise<boolean> {
  const before = await firstBytes(b)
  const own = await firstBytes(a)
  if (own.length === 0) return false
  return b4a.equals(own, before) || b4a.equals(own, await firstBytes(b))
}

async function firstBytes(storage: RandomAccessStorage): Promise<Uint8Array> {
  try {
    const size = Math.min(COMPARED, await sizeOf(storage))
    return size === 0 ? b4a.alloc(0) : await readStorage(storage, 0, size)
  } catch {
    return b4a.alloc(0) // random-access-kv reports the error when it opens the storage
  }
}
