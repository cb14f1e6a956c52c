// The storages without a file that are open in this process. Two stores on one memory would undo each other's writes without an error, so
// the second store is refused if it can be seen that both storages share their bytes.
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

/** How many bytes of two storages are compared: the meta pages of random-access-kv, which contain a random number of their store. */
const COMPARED = 8192

const open = new Set<Memory>()
/** By class or function. */
const turns = new WeakMap<object, ScopeLock>()
/** By storage, the storage that it is a clone of. */
const origins = new WeakMap<object, object>()

/**
 * Remembers the clones of a storage. The function of `RAM.reusable()` returns clones of the storage that it returned first, and they do
 * not share their bytes.
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
 * Waits until the stores that were opened before with the same class or function have written their first bytes, because only then they
 * can be compared. Resolves with a function to call when this store has written its first bytes.
 */
export async function takeTurn(argument: object): Promise<() => void> {
  const turn = turns.get(argument) ?? new ScopeLock()
  turns.set(argument, turn)
  await turn.lock()
  return () => turn.unlock()
}

/** Adds a memory to the open ones. Throws `KV_LOCKED` if another store has it open, unless both only read. */
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

/** Removes a memory from the open ones. Returns whether its storage may be closed: another store may use it, too. */
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

/** Whether two random-access-memories share their list of pages, or the bytes of their first pages. */
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

/** Whether two storages hold the same store, and therefore show the same bytes. An open store may write meanwhile. */
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
