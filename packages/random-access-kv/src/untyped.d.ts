// Types of the untyped packages that this package uses, as far as it uses them.

declare module 'which-runtime' {
  export const isLinux: boolean
  export const isMac: boolean
  export const isWindows: boolean
  export const platform: string
}

declare module 'sodium-universal' {
  const sodium: {
    /** Fills the buffer with random bytes. */
    randombytes_buf(buffer: Uint8Array): void
  }
  export default sodium
}
declare module 'fs-native-extensions' {
  const fsx: { tryLock(fd: number, options: { shared: boolean }): boolean }
  export default fsx
}

declare module 'bun:ffi' {
  export type Native = (...args: (number | null)[]) => number
  export function dlopen(
    library: string,
    symbols: Record<string, { args: readonly string[]; returns: string }>,
  ): { symbols: Record<string, Native> }
  /** The address of the bytes. */
  export function ptr(bytes: Uint8Array): number
}
