// Where a window gets what it shows: a store of this process, or one of another process by its socket.

import type { Corestore } from '@coreyard/corestore'
import {
  type CorePicture,
  type Explanation,
  explain,
  InspectorError,
  list,
  type Observation,
  type WatchOptions,
  watch,
} from '@coreyard/inspector'
import { merged } from './merged.js'

/** A store that `sightsOf` can show, such as a `remoteStore` of `@coreyard/inspector/socket`. */
export interface Viewable {
  /** Like `watch` of `@coreyard/inspector`. */
  watch(options?: WatchOptions): AsyncGenerator<Observation, void, undefined>
  /** Like `list` of `@coreyard/inspector`. */
  list(): AsyncGenerator<readonly CorePicture[], void, undefined>
  /** Like `explain` of `@coreyard/inspector`. */
  explain(key: string, peer?: string | null): Promise<Explanation>
}

/** A message from a source to a window. */
export type Sight =
  /**
   * The source starts again: the window forgets all earlier sights. `state` is `live` for a store that is open, and `disk` for one that was
   * read from disk. `note` is text for the user.
   */
  | {
      readonly type: 'begins'
      readonly state: 'live' | 'disk'
      readonly directory: string | null
      readonly note: string | null
    }
  | { readonly type: 'observed'; readonly observation: Observation }
  /** Stored cores, as read from the storage. The window ignores those that are open. */
  | { readonly type: 'listed'; readonly cores: readonly CorePicture[] }
  | { readonly type: 'list-ends'; readonly note: string | null }
  /** There is nothing to show now; `note` says why. */
  | { readonly type: 'waits'; readonly note: string }

/** Where a window gets its data. */
export interface Source {
  /** Yields the sights until the signal aborts. */
  sights(signal: AbortSignal): AsyncGenerator<Sight, void, undefined>
  /** Like `explain` of `@coreyard/inspector`. */
  explain(key: string, peer: string | null): Promise<Explanation>
}

/** Milliseconds from one picture to the next. */
const INTERVAL = 500
/** The time between two attempts to list a suspended store, in milliseconds. */
const LIST_AGAIN = 1000

/**
 * Makes a source of a store in this process. Its sights end when the store closes.
 *
 * @param directory the directory of the store, which the window shows in its title
 */
export function storeSource(store: Corestore, directory: string | null = null): Source {
  const view: Viewable = {
    watch: (options) => watch(store, options),
    list: () => list(store),
    explain: (key, peer) => explain(store, key, peer),
  }
  return {
    explain: view.explain,
    async *sights(signal) {
      yield* sightsOf(view, directory, signal)
      if (!signal.aborted) yield { type: 'waits', note: 'The store is closed.' }
    },
  }
}

/**
 * Yields the sights of an open store until it closes or the signal aborts. Rejects if the store cannot be inspected.
 *
 * @param directory the directory of the store, which the window shows in its title
 */
export async function* sightsOf(
  view: Viewable,
  directory: string | null,
  signal: AbortSignal,
): AsyncGenerator<Sight, void, undefined> {
  const watching = view.watch({ interval: INTERVAL, signal })
  const first = await watching.next()
  if (first.done === true) return
  yield { type: 'begins', state: 'live', directory, note: null }
  yield { type: 'observed', observation: first.value }
  yield* merged<Sight>(observed(watching), listed(view))
}

async function* observed(watching: AsyncIterable<Observation>): AsyncGenerator<Sight, void, undefined> {
  for await (const observation of watching) yield { type: 'observed', observation }
}

/** Lists the stored cores. If the store is suspended, it tries again until the store has resumed. */
async function* listed(view: Viewable): AsyncGenerator<Sight, void, undefined> {
  for (;;) {
    try {
      for await (const cores of view.list()) yield { type: 'listed', cores }
      return yield { type: 'list-ends', note: null }
    } catch (error) {
      if (!(error instanceof InspectorError)) throw error
      // The end of the watch tells the user why.
      if (error.code !== 'STORE_SUSPENDED') return yield { type: 'list-ends', note: null }
      yield { type: 'list-ends', note: 'The store is suspended: only its open cores are shown.' }
    }
    await new Promise((resolve) => setTimeout(resolve, LIST_AGAIN))
  }
}
