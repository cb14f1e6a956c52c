// Locks on open files. On Bun and Deno, whose libuv lacks what fs-native-extensions needs, `#lock-file` is a file beside this one.

import fsx from 'fs-native-extensions'

/**
 * Locks an open file against other descriptors, in this process and in others; the lock goes with the descriptor. `false` if one of
 * them has it.
 */
export function lockFile(fd: number, options: { readonly shared: boolean }): boolean {
  return fsx.tryLock(fd, options)
}
