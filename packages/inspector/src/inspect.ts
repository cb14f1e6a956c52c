// `inspect`: one picture, now.

import type { Corestore, StoreView } from '@coreyard/corestore'
import { CoreyardError } from '@coreyard/storage'
import { badArgument, InspectorError, storeClosed } from './errors.js'
import { Observer } from './observer.js'
import type { CorePicture, Picture } from './picture.js'
import { storedPictures } from './stored-pictures.js'
import { isClosed, viewOf } from './viewed.js'

/** What a picture holds. */
export interface InspectOptions {
  /** Whether the cores that are stored and not open are in the picture, too. They are read from their records, not opened. Default: `false`. */
  stored?: boolean | undefined
}

const OPTIONS: ReadonlySet<string> = new Set<keyof InspectOptions>(['stored'])

/**
 * A picture of a store as it is now: plain values that survive JSON, and no secret. The store is not changed, and no core is opened.
 *
 * @param store a Corestore; of a session or namespace, the store that it is of is shown
 * @throws InspectorError `BAD_ARGUMENT`; `STORE_CLOSED`; `STORE_SUSPENDED` with `stored`, for a store that may not read now
 */
export async function inspect(store: Corestore, options: InspectOptions = {}): Promise<Picture> {
  const stored = readStored(options)
  const observer = new Observer(store)
  try {
    return await whileOpen(store, async () => {
      const { picture } = await observer.look()
      if (!stored) return picture
      const cores: CorePicture[] = [...picture.cores]
      for await (const core of storedCores(store, observer.view)) cores.push(core)
      return { ...picture, cores }
    })
  } finally {
    observer.end()
  }
}

export function readStored(options: InspectOptions): boolean {
  const { stored = false } = readOptions(options, OPTIONS)
  if (typeof stored === 'boolean') return stored
  throw badArgument(`stored must be true or false, not ${CoreyardError.describe(stored)}`)
}

/** How many cores `list` gives at a time. */
const PART = 256

/**
 * The cores of a store that are stored and not open, in parts, as they are read. They are read from their records, not opened.
 * `inspect` with `stored` gathers all of them; this one holds a part at a time.
 *
 * @throws InspectorError `BAD_ARGUMENT`, `STORE_CLOSED`; `STORE_SUSPENDED` for a store that may not read now
 */
export async function* list(store: Corestore): AsyncGenerator<readonly CorePicture[], void, undefined> {
  const view = viewOf(store)
  const cores = await whileOpen(store, async () => storedCores(store, view))
  for (;;) {
    const part = await whileOpen(store, () => take(cores, PART))
    if (part.length > 0) yield part
    if (part.length < PART) return
  }
}

async function take<T>(values: AsyncGenerator<T>, most: number): Promise<T[]> {
  const taken: T[] = []
  while (taken.length < most) {
    const { value, done } = await values.next()
    if (done === true) break
    taken.push(value)
  }
  return taken
}

/** The cores of a store that are stored and not open, one after the other. */
function storedCores(store: Corestore, view: StoreView): AsyncGenerator<CorePicture, void, undefined> {
  if (view.suspended) {
    throw new InspectorError(
      'STORE_SUSPENDED',
      'The store is suspended, and its records cannot be read: resume it, or look at its open cores alone',
    )
  }
  return storedPictures(store, view, (id) => view.core(id) !== null)
}

/** What fails because the store closes meanwhile fails with `STORE_CLOSED`. */
export async function whileOpen<T>(store: Corestore, work: () => Promise<T>): Promise<T> {
  if (isClosed(store)) throw storeClosed()
  try {
    await store.ready()
    return await work()
  } catch (error) {
    throw isClosed(store) ? storeClosed() : error
  }
}

export function readOptions<Options extends object>(options: Options, names: ReadonlySet<string>): Options {
  if (typeof options !== 'object' || options === null) {
    throw badArgument(`options must be an object, not ${CoreyardError.describe(options)}`)
  }
  const typo = CoreyardError.misspelled(options, names)
  if (typo !== null) throw badArgument(typo)
  return options
}
