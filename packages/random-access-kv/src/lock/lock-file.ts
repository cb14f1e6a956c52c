// Locks on open files. On Bun and Deno, whose libuv lacks what fs-native-extensions needs, `#lock-file` is another file of this folder.

import fsx from 'fs-native-extensions'

/**
 * Locks an open file, so that no other file descriptor can lock it, in this process or another. Returns `false` if another descriptor
 * holds the lock. Closing the descriptor releases it.
 */
export function lockFile(fd: number, options: { readonly shared: boolean }): boolean {
  return fsx.tryLock(fd, options)
}
