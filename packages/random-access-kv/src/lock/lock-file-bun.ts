// Locks on open files, on Bun.

import { dlopen, type Native, ptr } from 'bun:ffi'
import { FUNCTION, LIBRARY, lockBy, type SystemCall } from './system-call.js'

let call: SystemCall | null = null

/** See lock-file.ts. */
export function lockFile(fd: number, { shared }: { readonly shared: boolean }): boolean {
  return lockBy(systemCall, fd, shared)
}

function systemCall(): SystemCall {
  if (call !== null) return call
  const { symbols } = dlopen(LIBRARY, { [FUNCTION]: { args: ['i32', 'i32', 'ptr'], returns: 'i32' } })
  const native = symbols[FUNCTION] as Native
  call = (fd, command, argument) => native(fd, command, argument.length === 0 ? null : ptr(argument))
  return call
}
