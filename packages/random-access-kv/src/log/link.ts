// Links: the record that says in which extent the log continues (FORMAT.md, "The log").

import { setU32, u32 } from '../bytes/bytes.js'
import type { Extent } from '../space/space.js'
import type { Dialect } from './record.js'
import { decodeSalt, encodeSalt, SALT_SIZE } from './salt.js'

/** Bytes of a link in format version 2: page, count, and the generation of the checkpoint that wrote it, 0 if none did. */
const OLD_LINK = 12
const LINK = OLD_LINK + SALT_SIZE

export interface Link {
  readonly extent: Extent
  /** Of the checkpoint that wrote it; 0 if the extent before was full. */
  readonly generation: number
  /** How the records in the extent are written. */
  readonly dialect: Dialect
}

export function encodeLink({ extent, generation, dialect }: Link): Uint8Array {
  const payload = new Uint8Array(dialect === null ? OLD_LINK : LINK)
  setU32(payload, 0, extent.page)
  setU32(payload, 4, extent.count)
  setU32(payload, 8, generation)
  if (dialect !== null) encodeSalt(dialect, payload, OLD_LINK)
  return payload
}

export function decodeLink(payload: Uint8Array): Link {
  return {
    extent: { page: u32(payload, 0), count: u32(payload, 4) },
    // The first links had no generation.
    generation: payload.length < OLD_LINK ? 0 : u32(payload, 8),
    dialect: payload.length < LINK ? null : decodeSalt(payload, OLD_LINK),
  }
}
