// Options and bytes belong to the caller. What a call keeps is copied at the call, and an option that is `undefined` counts as not given.

import type { Bytes, GroupUpdate, KeyPair, ManifestInput, SignerInput } from '@coreyard/hypercore-types'
import b4a from 'b4a'

/** Whether a value can be options. Bytes, a list or a promise would be options without any content. */
export function isOptions<Options extends object>(value: unknown): value is Options {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return !('byteLength' in value) && !('then' in value)
}

/** Options as a plain object: one that has a prototype, such as an instance of a class with getters, is copied with all that it has. */
export function plainOptions<Options extends object>(options: Options): Options {
  const prototype: object | null = Object.getPrototypeOf(options)
  if (prototype === null || prototype === Object.prototype) return options
  const plain: Partial<Options> = {}
  for (const name in options) plain[name] = options[name]
  for (
    let level: object = options;
    Object.getPrototypeOf(level) !== null;
    level = Object.getPrototypeOf(level)
  ) {
    for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      if (get !== undefined) plain[name as keyof Options] = options[name as keyof Options]
    }
  }
  return plain as Options // it has every property of them
}

/** Returns a copy of options as a plain object, with the values of the caller. Any other value is returned as it is. */
export function copiedOptions<T>(options: T): T {
  return isOptions<T & object>(options) ? { ...plainOptions(options) } : options
}

/**
 * The options that were given: those that are not `undefined`. Their values are still the caller's.
 *
 * @param except options to leave out, of which nothing is read
 */
export function givenOptions<Options extends object>(
  options: Options,
  except?: ReadonlySet<string>,
): Options {
  const given: Partial<Options> = {}
  for (const name in options) {
    if (except?.has(name)) continue
    const value = options[name]
    if (value !== undefined) given[name] = value
  }
  return given as Options // what it lacks was optional
}

/** Returns a copy of bytes, in memory of its own. Any other value is returned as it is. */
export function copied(value: Uint8Array): Bytes
export function copied<T>(value: T): T
export function copied(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value
  const copy = b4a.alloc(value.byteLength)
  copy.set(value)
  return copy
}

export function copiedKeyPair({ publicKey, secretKey }: KeyPair): KeyPair {
  return { publicKey: copied(publicKey), secretKey: copied(secretKey) }
}

/** What an event says of a group, for one listener. */
export function copiedUpdate(update: GroupUpdate): GroupUpdate {
  return { ...update, key: copied(update.key) }
}

/** The fields of a manifest that Hypercore knows (lib/verifier.js, `createManifest`). */
export function copiedManifest(manifest: ManifestInput): ManifestInput {
  const { version, hash, allowPatch, quorum, signers, prologue, linked, userData } = manifest
  return {
    version,
    hash,
    allowPatch,
    quorum,
    signers: signers?.map(copiedSigner),
    prologue: prologue && { length: prologue.length, hash: copied(prologue.hash) },
    linked: Array.isArray(linked) ? linked.map((key) => copied(key)) : linked,
    userData: copied(userData),
  }
}

// Hypercore reports a value that is not an object.
function copiedSigner(signer: SignerInput): SignerInput {
  if (typeof signer !== 'object' || signer === null) return signer
  const { signature, namespace, publicKey } = signer
  return { signature, namespace: copied(namespace), publicKey: copied(publicKey) }
}
