// Types of the untyped packages that this package uses, as far as it uses them.

declare module 'which-runtime' {
  export const isWindows: boolean
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
