// Column families, as RocksDB calls them: keys of different families never meet, and each session shows those of one. The store's own
// records have their keys as they are, all of which begin with a small number; those of other families come after them, behind the
// byte 0xff and the family's name.
import type { DatabaseRange } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { badArgument, describe } from '../errors/bad-argument.js'

/** The family of hypercore-storage. */
const STORE = 'corestore'
/** The family of sessions that none was chosen for. */
const DEFAULT = 'default'
const OTHERS = 0xff
/** In bytes, so that one byte says how long a name is. */
const LONGEST_NAME = 255

export class KeySpace {
  /** What the keys begin with as they are stored. */
  readonly prefix: Uint8Array
  /** The first stored key after all of the space; `null` if it is that of all families. */
  readonly end: Uint8Array | null

  private constructor(prefix: Uint8Array, end: Uint8Array | null) {
    this.prefix = prefix
    this.end = end
  }

  /** The keys of all families, as they are stored. */
  static readonly all = new KeySpace(b4a.alloc(0), null)

  /** That of sessions without a family. */
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

  /** The key as it is stored. */
  key(key: Uint8Array): Uint8Array {
    return this.prefix.length === 0 ? key : b4a.concat([this.prefix, key])
  }

  /** The key of the space, of one as it is stored. */
  ownKey(stored: Uint8Array): Uint8Array {
    return this.prefix.length === 0 ? stored : stored.subarray(this.prefix.length)
  }

  /** Whether a stored key is one of the space. */
  has(stored: Uint8Array): boolean {
    return b4a.equals(stored.subarray(0, this.prefix.length), this.prefix)
  }

  /** The name of the family that a stored key belongs to; `null` for a record of the store. */
  static familyOf(stored: Uint8Array): string | null {
    const [kind, length = 0] = stored
    return kind === OTHERS ? b4a.toString(stored.subarray(2, 2 + length)) : null
  }

  /** The first stored key that can be one of another family than the store's. */
  static readonly firstOther: Uint8Array = b4a.from([OTHERS])

  /** The range as it is stored. */
  range({ gt, gte, lt, lte, ...rest }: DatabaseRange): DatabaseRange {
    const start = gt ? { gt: this.key(gt) } : { gte: gte ? this.key(gte) : this.prefix }
    const last = lt ? this.key(lt) : this.end
    const end = lte ? { lte: this.key(lte) } : last === null ? {} : { lt: last }
    return { ...rest, ...start, ...end }
  }
}

/** The first key after all that begin with a prefix. */
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
