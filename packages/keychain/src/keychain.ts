// The keychain: a shared secret and a namespace, and what is derived from the two. The formulas are in derivation.ts, the memory of the
// secret in secret.ts.
import b4a from 'b4a'
import { badArgument, expect32Bytes, isBinary, toBytes } from './arguments.js'
import { CoreyardError } from './coreyard-error.js'
import { deriveFingerprint, deriveKeyPair, deriveNamespace, sign } from './derivation.js'
import { KeychainError } from './errors.js'
import { inspect, type KeyPair } from './key-pair.js'
import { Secret } from './secret.js'

/** The options of `Keychain.from`. */
export interface KeychainOptions {
  /** The namespace to start in: 32 bytes. Default: the root namespace, 32 zero bytes. */
  readonly namespace?: Uint8Array | undefined
}

const OPTIONS: ReadonlySet<string> = new Set<keyof KeychainOptions>(['namespace'])

/**
 * Derives Ed25519 key pairs from a 32-byte primary key, byte for byte as Corestore 6 and 7 do.
 *
 * A name or namespace is a string (its UTF-8 bytes) or bytes, and may be empty. Equal bytes give equal keys, whether they were given as a
 * string or as bytes. A string with half of a surrogate pair is refused, because UTF-8 cannot encode it.
 *
 * Methods throw a `KeychainError`: `BAD_ARGUMENT` for an argument of the wrong type or length, and `KEYCHAIN_DESTROYED` after `destroy()`
 * if they need the primary key.
 *
 * Neither `console.log`, `util.inspect`, `JSON.stringify` nor an error message shows the primary key.
 */
export class Keychain {
  readonly #secret: Secret
  readonly #namespace: Uint8Array

  private constructor(secret: Secret, namespace: Uint8Array) {
    if (!(secret instanceof Secret)) {
      throw badArgument('A keychain', 'made by Keychain.from(primaryKey) or Keychain.generate()', secret)
    }
    this.#secret = secret
    this.#namespace = namespace
  }

  /** Returns a keychain of this primary key: 32 bytes, which are copied. */
  static from(primaryKey: Uint8Array, options: KeychainOptions = {}): Keychain {
    const key = expect32Bytes('A primary key', primaryKey)
    // Otherwise, bytes in place of the options would be ignored, and every key would be of the root namespace.
    if (typeof options !== 'object' || options === null || isBinary(options)) {
      throw badArgument('options', 'an object', options)
    }
    const typo = CoreyardError.misspelled(options, OPTIONS)
    if (typo !== null) throw new KeychainError('BAD_ARGUMENT', typo)
    const namespace = options.namespace === undefined ? b4a.alloc(32) : copyNamespace(options.namespace)
    return new Keychain(Secret.copyOf(key), namespace)
  }

  /** Returns a keychain of a new random primary key. `exportPrimaryKey()` returns the key, so that you can store it. */
  static generate(): Keychain {
    return new Keychain(Secret.random(), b4a.alloc(32))
  }

  /** The 32 bytes that identify the current namespace (a copy). Not secret. It can also be read after `destroy()`. */
  get namespaceKey(): Uint8Array {
    return copyNamespace(this.#namespace)
  }

  /** Whether `destroy()` was called on this keychain or on one that shares its secret. */
  get destroyed(): boolean {
    return this.#secret.destroyed
  }

  /** Returns a keychain for the child namespace `name` of this one: BLAKE2b-256(namespace ‖ name). It shares the secret. */
  namespace(name: string | Uint8Array): Keychain {
    this.#secret.assertUsable()
    return new Keychain(this.#secret, deriveNamespace(this.#namespace, toBytes('A namespace', name)))
  }

  /**
   * Returns a keychain for the namespace that these 32 bytes identify, whatever the namespace of this keychain is. It shares the secret.
   */
  at(namespaceKey: Uint8Array): Keychain {
    this.#secret.assertUsable()
    return new Keychain(this.#secret, copyNamespace(namespaceKey))
  }

  /** Returns the key pair of `name` in this namespace, in memory of its own. */
  keyPair(name: string | Uint8Array): KeyPair {
    return deriveKeyPair(this.#secret, this.#namespace, toBytes('A name', name))
  }

  /**
   * Returns the detached Ed25519 signature (64 bytes) of `message` (bytes, or a string as UTF-8) with `keyPair(name)`. The secret key
   * exists only during the call.
   */
  sign(name: string | Uint8Array, message: string | Uint8Array): Uint8Array {
    return sign(this.#secret, this.#namespace, toBytes('A name', name), toBytes('A message', message))
  }

  /**
   * Returns 32 bytes that identify this primary key and namespace without revealing them. They are a stable public id, for example for a
   * record in a database. The fingerprint is BLAKE2b-256(domain ‖ namespace), keyed with the primary key. The domain is a constant that
   * differs from that of key pairs, so the fingerprint is never the seed of a key pair. Other implementations of Corestore have no such
   * value.
   */
  fingerprint(): Uint8Array {
    return deriveFingerprint(this.#secret, this.#namespace)
  }

  /** Returns a copy of the primary key (32 bytes), to be stored. The caller must protect it, and wipe it after use. */
  exportPrimaryKey(): Uint8Array {
    return this.#secret.export()
  }

  /**
   * Wipes the primary key from memory, for this keychain and every one that shares its secret: those made from it with `namespace` or `at`,
   * and those it was made from. Key pairs that were returned before remain usable. A second call has no effect.
   */
  destroy(): void {
    this.#secret.destroy()
  }

  /** Returns the namespace in hex, and whether the secret was wiped. */
  toJSON(): { namespace: string; destroyed: boolean } {
    return { namespace: b4a.toString(this.#namespace, 'hex'), destroyed: this.destroyed }
  }

  /** Returns what `console.log` shows. It contains no secret. */
  [inspect](): string {
    const { namespace, destroyed } = this.toJSON()
    return `Keychain { namespace: ${namespace}, destroyed: ${destroyed} }`
  }
}

/**
 * Returns the 32 bytes that identify the child namespace `name` of the namespace that `namespaceKey` (32 bytes) identifies: the same as
 * `keychain.namespace(name).namespaceKey`. It needs no keychain and no secret.
 */
export function childNamespace(namespaceKey: Uint8Array, name: string | Uint8Array): Uint8Array {
  return deriveNamespace(expect32Bytes('A namespace key', namespaceKey), toBytes('A namespace', name))
}

function copyNamespace(namespace: unknown): Uint8Array {
  const copy = b4a.alloc(32)
  copy.set(expect32Bytes('A namespace key', namespace))
  return copy
}
