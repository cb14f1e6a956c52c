// The option `inspector`: other processes of the same user may look into the store, by a socket of `@coreyard/inspector`. That package stands
// on this one, so it is imported by name, and only where it is asked for.

import { CorestoreError } from '../errors/errors.js'
import type { Corestore } from './corestore.js'

/** Bundlers follow `import` of a literal or a constant, and would look for a package that need not be installed. */
function socketModule(): string {
  return ['@coreyard', 'inspector', 'socket'].join('/')
}

/** Whether the environment asks for it, for every store in a directory: `COREYARD_INSPECT=1`. */
export function isInspectedByEnvironment(): boolean {
  // Bare and browsers have no `process`.
  return globalThis.process?.env?.COREYARD_INSPECT === '1'
}

/** Lets others look into an open store. Rejects with `UNSUPPORTED` where the package is not installed. */
export async function serveInspector(store: Corestore): Promise<void> {
  const socket = await import(socketModule()).catch((cause: unknown) => {
    throw new CorestoreError(
      'UNSUPPORTED',
      'The option inspector needs a package that is not installed, or does not run here: npm install @coreyard/inspector',
      { cause },
    )
  })
  await socket.serveInspector(store)
}
