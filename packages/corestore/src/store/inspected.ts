// The option `inspector`: other processes of the same user may inspect the store, by a socket of `@coreyard/inspector`. That package
// depends on this one, so it is imported by name, and only if it is needed.

import { CorestoreError } from '../errors/errors.js'
import type { Corestore } from './corestore.js'

/** Bundlers follow `import` of a literal or a constant, and would search for a package that need not be installed. */
function socketModule(): string {
  return ['@coreyard', 'inspector', 'socket'].join('/')
}

/** Whether the environment enables it for every store in a directory: `COREYARD_INSPECT=1`. */
export function isInspectedByEnvironment(): boolean {
  // Bare and browsers have no `process`.
  return globalThis.process?.env?.COREYARD_INSPECT === '1'
}

/** Makes an open store available to other processes. Rejects with `UNSUPPORTED` if the package is not installed. */
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
