// The keychain: a shared secret and a namespace, and what can be derived from the two. The formulas are in
// derivation.ts, the secret's memory in secret.ts.
import b4a from 'b4a'
import { badArgument, expect32Bytes, isBinary, toBytes } from './arguments.js'
import { CoreyardError } from './coreyard-error.js'
import { deriveFingerprint, deriveKeyPair, deriveNamespace, sign } from './derivation.js'
import { KeychainError } from './errors.js'
import { inspect, type KeyPair } from './key-pair.js'
import { Secret } from './secret.js'

/** Where a keychain of a primary key begins. */
export interface KeychainOptions {
  /** The namespace to start in: 32 bytes. Default: the root namespace, 32 zero bytes. */
  readonly namespace?: Uint8Array | undefined
}

const OPTIONS: ReadonlySet<string> = new Set<keyof KeychainOptions>(['namespace'])

/**
 * Derives Ed25519 key pairs from a 32-byte primary key, byte for byte as Corestore 6 and 7 do.
 *
 * A name or namespace is a string (its UTF-8 bytes) or bytes, and may be empty. Equal bytes give equal keys, whichever
 * form they came in. A string with half of a surrogate pair is refused, as UTF-8 cannot hold it. Every method throws a `KeychainError`: `BAD_ARGUMENT` for an argument of the wrong type or
 * length, `KEYCHAIN_DESTROYED` after `destroy()`.
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

  /** A keychain of this primary key: 32 bytes, which are copied. */
  static from(primaryKey: Uint8Array, options: KeychainOptions = {}): Keychain {
    const key = expect32Bytes('A primary key', primaryKey)
    // Bytes in place of the options would otherwise be overlooked, and every key come out of the root namespace.
    if (typeof options !== 'object' || options === null || isBinary(options)) {
      throw badArgument('options', 'an object', options)
    }
    const typo = CoreyardError.misspelled(options, OPTIONS)
    if (typo !== null) throw new KeychainError('BAD_ARGUMENT', typo)
    const namespace = options.namespace === undefined ? b4a.alloc(32) : copyNamespace(options.namespace)
    return new Keychain(Secret.copyOf(key), namespace)
  }

  /** A keychain of a new random primary key; `exportPrimaryKey()` gives it out to be stored. */
  static generate(): Keychain {
    return new Keychain(Secret.random(), b4a.alloc(32))
  }

  /** The 32 bytes that identify the current namespace (a copy). Not secret, and readable after `destroy()` too. */
  get namespaceKey(): Uint8Array {
    return copyNamespace(this.#namespace)
  }

  /** Whether `destroy()` was called on this keychain or on one that shares its secret. */
  get destroyed(): boolean {
    return this.#secret.destroyed
  }

  /** A keychain for the child namespace `name` of this one, sharing the secret: BLAKE2b-256(namespace ‖ name). */
  namespace(name: string | Uint8Array): Keychain {
    this.#secret.assertUsable()
    return new Keychain(this.#secret, deriveNamespace(this.#namespace, toBytes('A namespace', name)))
  }

  /** A keychain for the namespace that these 32 bytes identify, wherever this one is, sharing the secret. */
  at(namespaceKey: Uint8Array): Keychain {
    this.#secret.assertUsable()
    return new Keychain(this.#secret, copyNamespace(namespaceKey))
  }

  /** The key pair of `name` in this namespace, in fresh memory. */
  keyPair(name: string | Uint8Array): KeyPair {
    return deriveKeyPair(this.#secret, this.#namespace, toBytes('A name', name))
  }

  /**
   * The detached Ed25519 signature, 64 bytes, of `message` (bytes, or a string as UTF-8) under `keyPair(name)`. The
   * secret key exists only during the call.
   */
  sign(name: string | Uint8Array, message: string | Uint8Array): Uint8Array {
    return sign(this.#secret, this.#namespace, toBytes('A name', name), toBytes('A message', message))
  }

  /**
   * 32 bytes that identify this primary key and namespace, and from which neither can be learned: a stable, public
   * id to file things under. It is BLAKE2b-256(domain ‖ namespace) keyed with the primary key, in a domain of its own,
   * so it is no key pair's seed. Other implementations of Corestore have no such value.
   */
  fingerprint(): Uint8Array {
    return deriveFingerprint(this.#secret, this.#namespace)
  }

  /** The primary key, 32 bytes, for whoever stores it: a copy that is the caller's to protect and to wipe. */
  exportPrimaryKey(): Uint8Array {
    return this.#secret.export()
  }

  /**
   * Wipes the primary key from memory, for this keychain and every one that shares its secret (made by `namespace` or
   * `at` from this one, or the ones this was made from). Key pairs already given out stay. Calling it again is fine.
   */
  destroy(): void {
    this.#secret.destroy()
  }

  /** The namespace in hex, and whether the secret was wiped. */
  toJSON(): { namespace: string; destroyed: boolean } {
    return { namespace: b4a.toString(this.#namespace, 'hex'), destroyed: this.destroyed }
  }

  /** What `console.log` shows: no secret. */
  [inspect](): string {
    const { namespace, destroyed } = this.toJSON()
    return `Keychain { namespace: ${namespace}, destroyed: ${destroyed} }`
  }
}

/**
 * The 32 bytes that identify the child namespace `name` of the one that `namespaceKey` (32 bytes) identifies: what
 * `keychain.namespace(name).namespaceKey` gives, for whoever has no keychain at hand. It takes no secret.
 */
export function childNamespace(namespaceKey: Uint8Array, name: string | Uint8Array): Uint8Array {
  return deriveNamespace(expect32Bytes('A namespace key', namespaceKey), toBytes('A namespace', name))
}

function copyNamespace(namespace: unknown): Uint8Array {
  const copy = b4a.alloc(32)
  copy.set(expect32Bytes('A namespace key', namespace))
  return copy
}
