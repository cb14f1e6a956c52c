// `inspect` takes one picture. `list` reads the stored cores in parts.

import type { Corestore, StoreView } from '@coreyard/corestore'
import { CoreyardError } from '@coreyard/storage'
import { badArgument, InspectorError, storeClosed } from './errors.js'
import { Observer } from './observer.js'
import type { CorePicture, Picture } from './picture.js'
import { storedPictures } from './stored-pictures.js'
import { isClosed, viewOf } from './viewed.js'

/** The options of `inspect`. */
export interface InspectOptions {
  /** Whether to include stored cores that are not open. They are read from their records and are not opened. Default: `false`. */
  stored?: boolean | undefined
}

const OPTIONS: ReadonlySet<string> = new Set<keyof InspectOptions>(['stored'])

/**
 * Takes a picture of a store: plain values that can be sent as JSON, and no secret. It does not change the store, and opens no core.
 *
 * @param store a Corestore; for a session or namespace, the picture shows the whole store that it belongs to
 * @throws InspectorError `BAD_ARGUMENT`, `STORE_CLOSED`; `STORE_SUSPENDED` with `stored`, if the store is suspended
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

/** How many cores `list` yields at a time. */
const PART = 256

/**
 * Lists the stored cores that are not open, in arrays of up to 256. They are read from their records and are not opened.
 * Only one array is in memory at a time, whereas `inspect` with `stored` returns all cores at once.
 *
 * @throws InspectorError `BAD_ARGUMENT`, `STORE_CLOSED`; `STORE_SUSPENDED` if the store is suspended
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

/** The stored cores that are not open, one by one. */
function storedCores(store: Corestore, view: StoreView): AsyncGenerator<CorePicture, void, undefined> {
  if (view.suspended) {
    throw new InspectorError(
      'STORE_SUSPENDED',
      'The store is suspended, and its records cannot be read: resume it, or look at its open cores alone',
    )
  }
  return storedPictures(store, view, (id) => view.core(id) !== null)
}

/** Rejects with `STORE_CLOSED` if `work` fails because the store closes during it. */
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
