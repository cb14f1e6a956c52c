// The manifest of a core: who signs it and what it starts with. Its hash is the core's key. How it is encoded
// and checked is Hypercore's (lib/verifier.js, lib/messages.js).

/** One who may sign a core. */
export interface Signer {
  /** The signature scheme; there is only this one. */
  signature: 'ed25519'
  /** 32 bytes that the signature is bound to, so that it is worth nothing elsewhere. */
  namespace: Uint8Array
  /** 32 bytes. */
  publicKey: Uint8Array
}

/** Blocks that a core begins with and that need no signature, told by their tree. */
export interface Prologue {
  /** How many blocks. */
  length: number
  /** 32 bytes: the tree hash at that length. */
  hash: Uint8Array
}

/** A manifest, complete. Read what it says; changing it changes nothing. */
export interface Manifest {
  /** 0, 1 (what new cores get) or 2 (with `linked` and `userData`). */
  version: number
  /** The hash of the tree; there is only this one. */
  hash: 'blake2b'
  /** Whether signatures over different lengths may be combined into a quorum. */
  allowPatch: boolean
  /** How many of the signers must sign; 0 where the prologue is all there is. */
  quorum: number
  signers: Signer[]
  /** `null` where there is none. */
  prologue: Prologue | null
  /** Keys (32 bytes each) of cores that belong with this one; from version 2 on. */
  linked: Uint8Array[] | null
  /** Any bytes; from version 2 on. */
  userData: Uint8Array | null
}

/** A signer as it is given: `publicKey` is needed, the rest has defaults. */
export interface SignerInput {
  signature?: 'ed25519' | undefined
  /** 32 bytes. Default: Hypercore's default namespace. */
  namespace?: Uint8Array | undefined
  /** 32 bytes. */
  publicKey: Uint8Array
}

/** A manifest as it is given to Hypercore: everything has a default. */
export interface ManifestInput {
  /** Default: 1, or 2 where `linked` or `userData` is given. */
  version?: number | undefined
  hash?: 'blake2b' | undefined
  /** Default: `false`. */
  allowPatch?: boolean | undefined
  /** Default: more than half of the signers. */
  quorum?: number | undefined
  /** Default: none. */
  signers?: readonly SignerInput[] | undefined
  prologue?: Prologue | null | undefined
  linked?: readonly Uint8Array[] | null | undefined
  userData?: Uint8Array | null | undefined
}
