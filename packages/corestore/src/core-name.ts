// The name of a core: as it derives keys, and as the storage files it, where aliases are strings. Which core a name means is in
// core-names.ts.

import b4a from 'b4a'
import { badArgument, describe } from './errors.js'

/** A name as it derives keys, and as the storage keeps it as an alias (aliases are strings there). */
export interface CoreName {
  readonly bytes: string | Uint8Array
  readonly alias: string
}

// hypercore-storage encodes an alias into a slab of which 4096 bytes are sure to be free (lib/keys.js), beside a
// 32-byte namespace and a few bytes of framing; a NUL byte takes two.
const MAX_NAME_BYTES = 4000

// Before the hex of a name that is no UTF-8.
const BYTES_PREFIX = '\0hex:'

/** Checks a core's name. Throws BAD_ARGUMENT. */
export function readName(name: string | Uint8Array): CoreName {
  const isBytes = name instanceof Uint8Array
  if (!isBytes && typeof name !== 'string') {
    throw badArgument(`name must be a string or bytes, not ${describe(name)}`)
  }
  if (name.length === 0) throw badArgument('name must not be empty')
  // Half of a surrogate pair is no UTF-8, and would be stored as another name than the one that is remembered.
  const alias = isBytes ? bytesToAlias(name) : b4a.toString(b4a.from(name))
  const size = encodedSize(alias)
  if (size > MAX_NAME_BYTES) {
    throw badArgument(`name must take at most ${MAX_NAME_BYTES} bytes, this one takes ${size}`)
  }
  return { bytes: name, alias }
}

// Bytes that are no UTF-8 have no string that stands for them: they get one that no text is likely to be.
function bytesToAlias(name: Uint8Array): string {
  const text = b4a.toString(name)
  return b4a.equals(b4a.from(text), name) ? text : BYTES_PREFIX + b4a.toString(name, 'hex')
}

/** The name that an alias stands for. */
export function nameOfAlias(alias: string): string | Uint8Array {
  return alias.startsWith(BYTES_PREFIX) ? b4a.from(alias.slice(BYTES_PREFIX.length), 'hex') : alias
}

// The bytes of an alias as hypercore-storage encodes it.
function encodedSize(alias: string): number {
  let size = b4a.byteLength(alias)
  for (let i = alias.indexOf('\0'); i !== -1; i = alias.indexOf('\0', i + 1)) size++
  return size
}
