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

/** What can be looked into: a store, as `storeView` gives it, or what `remoteStore` of `@coreyard/inspector/socket` returns. */
export interface Viewable {
  /** As `watch` of `@coreyard/inspector`. */
  watch(options?: WatchOptions): AsyncGenerator<Observation, void, undefined>
  /** As `list` of `@coreyard/inspector`. */
  list(): AsyncGenerator<readonly CorePicture[], void, undefined>
  /** As `explain` of `@coreyard/inspector`. */
  explain(key: string, peer?: string | null): Promise<Explanation>
}

/** Something that a window is told. */
export type Sight =
  /** What was seen before is to be forgotten. */
  | {
      readonly type: 'begins'
      readonly state: 'live' | 'disk'
      readonly directory: string | null
      readonly note: string | null
    }
  | { readonly type: 'observed'; readonly observation: Observation }
  /** Cores that are stored, and were not open when they were read. */
  | { readonly type: 'listed'; readonly cores: readonly CorePicture[] }
  | { readonly type: 'list-ends'; readonly note: string | null }
  /** Nothing is to be seen now. */
  | { readonly type: 'waits'; readonly note: string }

/** Where a window looks. */
export interface Source {
  /** What there is to see, until the signal aborts. */
  sights(signal: AbortSignal): AsyncGenerator<Sight, void, undefined>
  /** As `explain` of `@coreyard/inspector`. */
  explain(key: string, peer: string | null): Promise<Explanation>
}

/** Milliseconds from one picture to the next. */
const INTERVAL = 500
/** How often a store that is suspended is asked for its list again, in milliseconds. */
const LIST_AGAIN = 1000

/** A store of this process, to look into. It goes on until the store closes. */
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

/** What there is to see of a store that is open, until it closes or the signal aborts. Rejects if it cannot be looked into. */
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

/** A store that is suspended is listed once it has resumed. */
async function* listed(view: Viewable): AsyncGenerator<Sight, void, undefined> {
  for (;;) {
    try {
      for await (const cores of view.list()) yield { type: 'listed', cores }
      return yield { type: 'list-ends', note: null }
    } catch (error) {
      if (!(error instanceof InspectorError)) throw error
      // The end of the watch says the rest.
      if (error.code !== 'STORE_SUSPENDED') return yield { type: 'list-ends', note: null }
      yield { type: 'list-ends', note: 'The store is suspended: only its open cores are shown.' }
    }
    await new Promise((resolve) => setTimeout(resolve, LIST_AGAIN))
  }
}
