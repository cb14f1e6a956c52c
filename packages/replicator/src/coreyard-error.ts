// The error class of all packages. `keychain`, `sessions`, `replicator` and `random-access-kv` each have this file, as each of them is
// installed without any other package of ours; `storage` and `corestore` import it. A test keeps the copies the same
// (packages/corestore/test/any-storage/error-class.test.ts).

// Registered globally: an error of one copy of a package is one for every other copy.
const BRAND = Symbol.for('@coreyard/error')

/**
 * An error of any package of Coreyard, with a stable `code`.
 *
 * `instanceof` also recognises errors of another copy or version of a package, and `instanceof CoreyardError` those of every package.
 */
export class CoreyardError<Code extends string = string> extends Error {
  /** The `name` of the errors of this class. */
  static readonly kind: string = 'CoreyardError'
  readonly code: Code

  constructor(code: Code, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
    this.name = new.target.kind
    CoreyardError.brand(this)
  }

  /** Makes `instanceof CoreyardError` recognise an error that has to be of another class, such as a `TypeError`. */
  static brand<T extends Error>(error: T): T {
    return Object.defineProperty(error, BRAND, { value: true })
  }

  /**
   * Describes a value for a message: `a number`, `5 bytes`, `an empty string`. Never shows its content, which may be a key.
   *
   * @param shows what may be shown: a number that is out of range, or a word where only a few words are allowed
   */
  static describe(value: unknown, shows?: 'number' | 'word'): string {
    if (value === null) return 'null'
    if (typeof value === 'number' && shows !== undefined) return String(value)
    if (value instanceof Uint8Array) return `${value.byteLength} bytes`
    if (value === '') return 'an empty string'
    if (typeof value === 'string' && shows === 'word' && value.length < 20) return `'${value}'`
    if (typeof value === 'string') return `a string of ${value.length} characters`
    if (Array.isArray(value)) return 'an array'
    if (value instanceof Promise) return 'a promise'
    if (typeof value === 'object' && 'byteLength' in value) return 'bytes that are no Uint8Array'
    if (typeof value === 'undefined') return 'undefined'
    return `${/^[aeiou]/.test(typeof value) ? 'an' : 'a'} ${typeof value}`
  }

  /**
   * Returns a message if the name of an option is probably misspelled: it is not known, but differs from a known name by one letter or by
   * case. Returns `null` otherwise. Other unknown options are ignored, because they may be meant for another package.
   */
  static misspelled(options: object, known: ReadonlySet<string>): string | null {
    for (const name in options) {
      if (known.has(name)) continue
      const meant = [...known].find((other) => isMisspelling(name, other))
      if (meant !== undefined) return `'${name}' is not an option: did you mean '${meant}'?`
    }
    return null
  }
}

/** Whether two names differ by one letter that is missing, added, wrong or swapped with the next, or by case. */
function isMisspelling(name: string, other: string): boolean {
  if (name.toLowerCase() === other.toLowerCase()) return true
  if (name.length < 4 || Math.abs(name.length - other.length) > 1) return false
  let start = 0
  while (name[start] === other[start]) start++
  const rest = (text: string, skipped: number) => text.slice(start + skipped)
  return (
    rest(name, 1) === rest(other, 0) ||
    rest(name, 0) === rest(other, 1) ||
    rest(name, 1) === rest(other, 1) ||
    (name[start] === other[start + 1] && name[start + 1] === other[start] && rest(name, 2) === rest(other, 2))
  )
}

Object.defineProperty(CoreyardError, Symbol.hasInstance, { value: hasInstance })

function hasInstance(this: typeof CoreyardError, value: unknown): boolean {
  // A class of the user that extends one of ours has no kind of its own.
  if (!Object.hasOwn(this, 'kind')) return Function.prototype[Symbol.hasInstance].call(this, value)
  if (!(typeof value === 'object' && value !== null && BRAND in value)) return false
  return this.kind === CoreyardError.kind || ('name' in value && value.name === this.kind)
}
