// The storage that Hypercore is given to open one core. Hypercore does not say whether it has made the core, and it does more than it must
// (11.39, lib/core.js and lib/bitfield.js):
// - It writes the keys of a core that it has made, although hypercore-storage has just written the same bytes.
// - It reads the bitfield through a stream. For a core of few blocks that takes longer than all other reads together.
//
// Members of the core's own storage are replaced for that, until the core is open.

import type { CoreStorage, CorestoreStorage, CoreWriteBatch } from '@coreyard/hypercore-types'

/** The bitfield of a core with more pages is read through the stream. So many pages are half a million blocks. */
const FEW_PAGES = 16

type BitfieldPage = { readonly index: number; readonly page: Uint8Array }

/** A write batch of hypercore-storage 3.3 (lib/tx.js). */
interface Batch extends CoreWriteBatch {
  /** What it is to write. */
  readonly changes: readonly unknown[]
}

/** What opens a core. */
export interface Opening {
  /** What Hypercore is given. */
  readonly storage: CorestoreStorage
  /** The core is open: its storage is as hypercore-storage made it. */
  opened(): void
}

/** @param created called when the core was not stored, and has been made */
export function openingStorage(storage: CorestoreStorage, created: () => void): Opening {
  let opened = () => {}
  const replace = (core: CoreStorage, member: 'createBitfieldStream' | 'write', method: unknown) => {
    Object.assign(core, { [member]: method })
    opened = () => Reflect.deleteProperty(core, member)
  }
  const members: Pick<CorestoreStorage, 'createCore' | 'resumeCore'> = {
    async resumeCore(discoveryKey) {
      const core = await storage.resumeCore(discoveryKey)
      if (core !== null) replace(core, 'createBitfieldStream', pages)
      return core
    },
    async createCore(record) {
      let isNew = false
      function* userData() {
        isNew = true
        yield* record.userData ?? []
      }
      // hypercore-storage reads the user data only of a core that it makes. It returns one that is stored: `force` gives that other keys,
      // and another opener of the storage may have made it in the meantime.
      const core = await storage.createCore({ ...record, userData: userData() })
      if (!isNew) return core
      created()
      replace(core, 'write', write)
      return core
    },
  }
  const get = (_: object, member: string) => {
    const value: unknown = Reflect.get(Object.hasOwn(members, member) ? members : storage, member)
    return typeof value === 'function' ? value.bind(storage) : value // a method may use private fields
  }
  return { storage: new Proxy<CorestoreStorage>(storage, { get }), opened: () => opened() }
}

/** Instead of `write`. All that Hypercore sets of the keys is what it has given to `createCore`. */
function write(this: CoreStorage): CoreWriteBatch {
  const batch = originalOf(this).write.call(this) as Batch
  const { flush } = batch
  batch.setAuth = () => {}
  batch.flush = () => (batch.changes.length === 0 ? Promise.resolve(true) : flush.call(batch))
  return batch
}

/** Instead of `createBitfieldStream`. Hypercore iterates over it. */
function pages(this: CoreStorage, range: { readonly lt: number }): AsyncIterable<BitfieldPage> {
  return range.lt > FEW_PAGES
    ? originalOf(this).createBitfieldStream.call(this, range)
    : readPages(this, range.lt)
}

async function* readPages(core: CoreStorage, count: number): AsyncGenerator<BitfieldPage> {
  const reads = core.read()
  const reading = Array.from({ length: count }, (_, index) => reads.getBitfieldPage(index))
  reads.tryFlush()
  for (const [index, page] of (await Promise.all(reading)).entries()) if (page !== null) yield { index, page }
}

function originalOf(core: CoreStorage): CoreStorage {
  return Object.getPrototypeOf(core)
}
