// Detects whether a core is being written. Hypercore holds the lock of a core's state (`SessionState.mutex`) while it writes the core's
// records.

import type { Core, CoreStorage, Hypercore } from '@coreyard/hypercore-types'

/** Whether a write of a core is in progress. */
export function isWriting({ state }: Core): boolean {
  return state?.mutex.idle() === false
}

/** Waits for the current write of a core, and for the writes that wait for it. */
export async function writeEnded({ state }: Core): Promise<void> {
  await state?.mutex.lock()
  state?.mutex.unlock()
}

/** Waits until no write of a core is in progress. */
export async function writesEnded(core: Core): Promise<void> {
  while (isWriting(core)) await writeEnded(core)
}

/** Runs `work` while nothing else writes the records of a core or a session. Resolves with `null` if it is closed. */
export async function whileUnwritten<T>(
  { state }: Core | Hypercore<unknown>,
  work: (records: CoreStorage) => T | Promise<T>,
): Promise<T | null> {
  if (state === null) return null
  await state.mutex.lock()
  try {
    return await work(state.storage)
  } finally {
    state.mutex.unlock()
  }
}
