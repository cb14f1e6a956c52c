// What a window shows of a directory: the store of the process that has it open, if that lets others look, or what is on disk. The store
// on disk is opened, read and closed again: a window must not keep the app from its own store.

import { type Explanation, explain, InspectorError, inspect, list } from '@coreyard/inspector'
import { type RemoteStore, remoteStore } from '@coreyard/inspector/socket'
import { type Sight, type Source, sightsOf } from '@coreyard/window'
import { messageOf } from '../errors.js'
import { openStore, withStore } from '../opened.js'

/** How often to look whether a process lets others look into its store, in milliseconds. */
const LOOK_AGAIN = 1000

const ON_DISK =
  'No process lets others look into this store, so this is what is on disk. It is live as soon as a process opens the store with { inspector: true } or COREYARD_INSPECT=1.'
const GONE = 'The process that had the store open is gone. This goes on when the store is open again.'

/**
 * Rejects with what `withStore` does if there is no store, or one that cannot be looked into.
 *
 * @param ending when it aborts, a process that was asked and does not answer is waited for no longer
 */
export async function directorySource(directory: string, ending: AbortSignal): Promise<Source> {
  const remote = remoteStore(directory, { signal: ending })
  if (!(await isServed(remote))) await withStore(directory, {}, async () => {})
  return {
    async *sights(signal) {
      let onDisk = true
      while (!signal.aborted) {
        try {
          yield* sightsOf(remote, directory, signal)
          onDisk = false
          if (!signal.aborted) yield { type: 'waits', note: GONE }
        } catch (error) {
          if (!isNotServed(error)) yield { type: 'waits', note: messageOf(error) }
          else if (onDisk) yield* sightsOnDisk(directory)
          // It is read once: what changes it then can let others look.
          onDisk = false
        }
        await pause(signal)
      }
    },
    async explain(core, peer): Promise<Explanation> {
      try {
        return await remote.explain(core, peer)
      } catch (error) {
        if (!isNotServed(error)) throw error
        return withStore(directory, {}, (store) => explain(store, core, peer))
      }
    },
  }
}

async function isServed(remote: RemoteStore): Promise<boolean> {
  try {
    await remote.inspect()
    return true
  } catch (error) {
    if (isNotServed(error)) return false
    throw error
  }
}

function isNotServed(error: unknown): boolean {
  return error instanceof InspectorError && error.code === 'NOT_SERVED'
}

async function* sightsOnDisk(directory: string): AsyncGenerator<Sight, void, undefined> {
  try {
    const store = await openStore(directory)
    yield { type: 'begins', state: 'disk', directory, note: ON_DISK }
    try {
      const observation = { picture: await inspect(store), changed: [], closed: [], events: [] }
      yield { type: 'observed', observation }
      for await (const cores of list(store)) yield { type: 'listed', cores }
    } finally {
      await store.close()
    }
    yield { type: 'list-ends', note: null }
  } catch (error) {
    yield { type: 'waits', note: messageOf(error) }
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, LOOK_AGAIN)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
}
