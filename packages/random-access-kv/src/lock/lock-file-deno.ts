// Locks on open files, on Deno. It asks for the permission --allow-ffi, which native packages need as well.

import { FUNCTION, LIBRARY, lockBy, type SystemCall } from './system-call.js'

interface Deno {
  dlopen(
    library: string,
    symbols: Record<string, { parameters: readonly string[]; result: string }>,
  ): { symbols: Record<string, SystemCall> }
}

let call: SystemCall | null = null

/** See lock-file.ts. */
export function lockFile(fd: number, { shared }: { readonly shared: boolean }): boolean {
  return lockBy(systemCall, fd, shared)
}

function systemCall(): SystemCall {
  if (call !== null) return call
  const { Deno } = globalThis as unknown as { Deno: Deno }
  const { symbols } = Deno.dlopen(LIBRARY, {
    [FUNCTION]: { parameters: ['i32', 'i32', 'buffer'], result: 'i32' },
  })
  call = symbols[FUNCTION] as SystemCall
  return call
}
