// The lock of fs-native-extensions 1.5 as a call of the C library, for runtimes that cannot load it. Locks of both kinds exclude each
// other: an open file description lock of Linux (`man fcntl_locking`), `flock` on macOS.

import { isLinux, isMac, platform } from 'which-runtime'
import { KvError } from '../errors.js'

/** `fcntl(fd, command, argument)` on Linux, `flock(fd, operation)` on macOS: 0, or -1 if it has failed. */
export type SystemCall = (fd: number, command: number, argument: Uint8Array) => number

export const LIBRARY: string = isMac ? 'libSystem.dylib' : 'libc.so.6'
export const FUNCTION: 'fcntl' | 'flock' = isMac ? 'flock' : 'fcntl'

const F_OFD_SETLK = 37
const F_RDLCK = 0
const F_WRLCK = 1
/** Bytes of `struct flock` on 64 bits: the type and `whence` of 16 bits each, then start, length and process. All zero: the whole file. */
const FLOCK_SIZE = 32

const LOCK_SH = 1
const LOCK_EX = 2
const LOCK_NB = 4

/** Locks a file as `lockFile` does. */
export function lockBy(call: () => SystemCall, fd: number, shared: boolean): boolean {
  if (isMac) return call()(fd, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB, new Uint8Array(0)) === 0
  if (!isLinux) {
    throw new KvError(
      'KV_UNSUPPORTED',
      `Files cannot be locked by this runtime on ${platform}: open it with { lock: false }, and see to it that nothing else does`,
    )
  }
  const flock = new Uint8Array(FLOCK_SIZE)
  new Int16Array(flock.buffer)[0] = shared ? F_RDLCK : F_WRLCK
  return call()(fd, F_OFD_SETLK, flock) === 0
}
