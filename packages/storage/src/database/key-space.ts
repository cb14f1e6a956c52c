// Column families, as RocksDB calls them: keys of different families never collide, and each session shows one family. The keys of the
// store's own records are stored unchanged, and all begin with a small number. Keys of other families come after them, and begin with the
// byte 0xff and the name of the family.
import type { DatabaseRange } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { badArgument, describe } from '../errors/bad-argument.js'

/** The family of hypercore-storage. */
const STORE = 'corestore'
/** The family of sessions without a chosen family. */
const DEFAULT = 'default'
const OTHERS = 0xff
/** The maximum length of a name in bytes, so that one byte holds the length. */
const LONGEST_NAME = 255

export class KeySpace {
  /** The prefix of the stored keys. */
  readonly prefix: Uint8Array
  /** The first stored key after the space; `null` for the space of all families. */
  readonly end: Uint8Array | null

  private constructor(prefix: Uint8Array, end: Uint8Array | null) {
    this.prefix = prefix
    this.end = end
  }

  /** The space of all families, with their keys as stored. */
  static readonly all = new KeySpace(b4a.alloc(0), null)

  /** The space of sessions without a family. */
  static readonly default = KeySpace.of(DEFAULT)

  /** @param family its name, or RocksDB's description of it. Throws a `TypeError` with the code `BAD_ARGUMENT` */
  static of(family: string | object): KeySpace {
    const name: unknown = typeof family === 'object' && family !== null ? Reflect.get(family, 'name') : family
    if (typeof name !== 'string' || name === '' || b4a.byteLength(name) > LONGEST_NAME) {
      throw badArgument(
        `the name of a column family must be a string of 1 to ${LONGEST_NAME} bytes, not ${describe(name)}`,
      )
    }
    if (name === STORE) return new KeySpace(b4a.alloc(0), b4a.from([OTHERS]))
    const bytes = b4a.from(name)
    const prefix = b4a.concat([b4a.from([OTHERS, bytes.byteLength]), bytes])
    return new KeySpace(prefix, after(prefix))
  }

  /** Returns the stored key of a key of this space. */
  key(key: Uint8Array): Uint8Array {
    return this.prefix.length === 0 ? key : b4a.concat([this.prefix, key])
  }

  /** Returns the key in this space of a stored key. */
  ownKey(stored: Uint8Array): Uint8Array {
    return this.prefix.length === 0 ? stored : stored.subarray(this.prefix.length)
  }

  /** Whether a stored key is in this space. */
  has(stored: Uint8Array): boolean {
    return b4a.equals(stored.subarray(0, this.prefix.length), this.prefix)
  }

  /** Returns the name of the family of a stored key; `null` for a record of the store. */
  static familyOf(stored: Uint8Array): string | null {
    const [kind, length = 0] = stored
    return kind === OTHERS ? b4a.toString(stored.subarray(2, 2 + length)) : null
  }

  /** The first stored key that can belong to another family than the store's. */
  static readonly firstOther: Uint8Array = b4a.from([OTHERS])

  /** Returns the stored range of a range of this space. */
  range({ gt, gte, lt, lte, ...rest }: DatabaseRange): DatabaseRange {
    const start = gt ? { gt: this.key(gt) } : { gte: gte ? this.key(gte) : this.prefix }
    const last = lt ? this.key(lt) : this.end
    const end = lte ? { lte: this.key(lte) } : last === null ? {} : { lt: last }
    return { ...rest, ...start, ...end }
  }
}

/** Returns the first key after all keys with a prefix. */
function after(prefix: Uint8Array): Uint8Array {
  const end = b4a.from(prefix)
  for (let index = end.length - 1; index >= 0; index--) {
    const byte = end[index] ?? 0
    if (byte < 0xff) {
      end[index] = byte + 1
      return end.subarray(0, index + 1)
    }
  }
  throw new Error('A prefix has a byte that is not 0xff')
}
