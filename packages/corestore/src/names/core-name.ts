// The name of a core: as it derives keys, and as the storage files it. Aliases are a namespace and a string there, and a name may be
// bytes. Which core a name means is in core-names.ts.
//
// A text name is filed as it is, as by Corestore 7. Bytes that are UTF-8 are the same name as their text. All other bytes are filed
// under a namespace that no store can have (OTHER_NAMES), as base64, after the hex of the namespace that they belong to. Before, they
// were filed as `\0hex:` and their hex, which is a text name, too: so text names that begin like that are filed there as well, and
// what is filed as `\0hex:` belongs to the name from which its key derives.

import type { Alias } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { badArgument, describe } from '../errors/errors.js'
import { OTHER_NAMES } from '../options/namespaces.js'

/** A name of a core, in no namespace yet. */
export interface CoreName {
  /** What keys derive from; a string as its UTF-8. */
  readonly bytes: string | Uint8Array
  /** Differs from that of every other name. */
  readonly id: string
}

// hypercore-storage encodes an alias into a slab of which 4096 bytes are sure to be free (lib/keys.js), beside a
// 32-byte namespace and a few bytes of framing; a NUL byte takes two.
const MAX_ALIAS_BYTES = 4000
const OLDER_PREFIX = '\0hex:'
/** Before the id of bytes that are no UTF-8: half of a surrogate pair is in no text name. */
const BYTES_ID = '\ud800'
const NAMESPACE_HEX = 64

/** Reads a core's name, of which bytes must have been copied. Throws BAD_ARGUMENT. */
export function readName(name: string | Uint8Array): CoreName {
  const isBytes = name instanceof Uint8Array
  if (!isBytes && typeof name !== 'string') {
    throw badArgument(`name must be a string or bytes, not ${describe(name)}`)
  }
  if (name.length === 0) throw badArgument('name must not be empty')
  if (!isBytes && /\p{Surrogate}/u.test(name)) {
    throw badArgument(
      'name must be text that UTF-8 can hold, and has half of a surrogate pair. ' +
        'A core that was stored under such a name has U+FFFD in its place: get it by that name',
    )
  }
  const id = idOf(name)
  const read = { bytes: name, id }
  const size = encodedSize(aliasOf(read, OTHER_NAMES).name)
  if (size > MAX_ALIAS_BYTES) {
    const what = id.startsWith(BYTES_ID) ? 'as base64, as it is filed, ' : ''
    throw badArgument(`name must take at most ${MAX_ALIAS_BYTES} bytes, this one takes ${what}${size}`)
  }
  return read
}

/** Where a name of a namespace (32 bytes, as it is filed) is filed. */
export function aliasOf({ id, bytes }: CoreName, namespace: Uint8Array): Alias {
  if (!id.startsWith(BYTES_ID) && !id.startsWith(OLDER_PREFIX)) return { namespace, name: id }
  const raw = typeof bytes === 'string' ? b4a.from(bytes) : bytes
  return { namespace: OTHER_NAMES, name: prefixOf(namespace) + b4a.toString(raw, 'base64') }
}

/** Where it may have been filed before, unless that is another name or too long; `null` if only where it is filed now. */
export function olderAliasOf({ id }: CoreName, namespace: Uint8Array): Alias | null {
  const name = id.startsWith(BYTES_ID) ? OLDER_PREFIX + id.slice(BYTES_ID.length) : id
  const wasFiled = name.startsWith(OLDER_PREFIX) && encodedSize(name) <= MAX_ALIAS_BYTES
  return wasFiled ? { namespace, name } : null
}

/** What the aliases of names in a namespace (32 bytes) begin with that are filed under `OTHER_NAMES`. */
export function prefixOf(namespace: Uint8Array): string {
  return b4a.toString(namespace, 'hex')
}

/** The name that an alias stands for, in its namespace. Of what was filed as `\0hex:` before, the bytes. */
export function nameOfAlias({ namespace, name }: Alias): {
  namespace: Uint8Array
  name: string | Uint8Array
} {
  if (b4a.equals(namespace, OTHER_NAMES)) {
    const bytes = b4a.from(name.slice(NAMESPACE_HEX), 'base64')
    return { namespace: b4a.from(name.slice(0, NAMESPACE_HEX), 'hex'), name: textOf(bytes) ?? bytes }
  }
  if (!name.startsWith(OLDER_PREFIX)) return { namespace, name }
  const hex = name.slice(OLDER_PREFIX.length)
  const bytes = b4a.from(hex, 'hex')
  const isOlder = b4a.toString(bytes, 'hex') === hex && bytes.byteLength > 0 && textOf(bytes) === null
  return { namespace, name: isOlder ? bytes : name }
}

/** The ids of the names that an alias may stand for, in their namespace. */
export function idsOfAlias(alias: Alias): { namespace: Uint8Array; ids: readonly string[] } {
  const { namespace, name } = nameOfAlias(alias)
  const isOlder = namespace === alias.namespace && typeof name !== 'string'
  return { namespace, ids: isOlder ? [idOf(name), alias.name] : [idOf(name)] }
}

function idOf(name: string | Uint8Array): string {
  return typeof name === 'string' ? name : (textOf(name) ?? BYTES_ID + b4a.toString(name, 'hex'))
}

/** The text of bytes; `null` if they are no UTF-8. */
function textOf(bytes: Uint8Array): string | null {
  const text = b4a.toString(bytes)
  return b4a.equals(b4a.from(text), bytes) ? text : null
}

// The bytes of an alias as hypercore-storage encodes it.
function encodedSize(alias: string): number {
  let size = b4a.byteLength(alias)
  for (let i = alias.indexOf('\0'); i !== -1; i = alias.indexOf('\0', i + 1)) size++
  return size
}
