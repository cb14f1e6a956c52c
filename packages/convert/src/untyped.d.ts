// Types of the untyped packages that only the packages of this repository use, as far as this one uses them.

declare module 'crc-universal' {
  /** The CRC-32 of zlib. */
  export function crc32(buffer: Uint8Array): number
}
