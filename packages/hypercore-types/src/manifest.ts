// The manifest of a core: its signers and its initial blocks. Its hash is the core's key. Hypercore encodes and
// checks it (lib/verifier.js, lib/messages.js).

/** A signer of a core. */
export interface Signer {
  /** The signature scheme; there is only this one. */
  signature: 'ed25519'
  /** 32 bytes that the signature is bound to, so that it is not valid elsewhere. */
  namespace: Uint8Array
  /** 32 bytes. */
  publicKey: Uint8Array
}

/** The initial blocks of a core, which need no signature. They are identified by their tree hash. */
export interface Prologue {
  /** How many blocks. */
  length: number
  /** 32 bytes: the tree hash at that length. */
  hash: Uint8Array
}

/** A complete manifest. Changing this object has no effect. */
export interface Manifest {
  /** 0, 1 (what new cores get) or 2 (with `linked` and `userData`). */
  version: number
  /** The hash of the tree; there is only this one. */
  hash: 'blake2b'
  /** Whether signatures over different lengths may be combined into a quorum. */
  allowPatch: boolean
  /** How many of the signers must sign; 0 if the core consists of its prologue only. */
  quorum: number
  signers: Signer[]
  /** `null` if there is none. */
  prologue: Prologue | null
  /** Keys (32 bytes each) of cores that belong with this one; from version 2 on. */
  linked: Uint8Array[] | null
  /** Any bytes; from version 2 on. */
  userData: Uint8Array | null
}

/** A signer as it is passed in: `publicKey` is required, the rest has defaults. */
export interface SignerInput {
  signature?: 'ed25519' | undefined
  /** 32 bytes. Default: Hypercore's default namespace. */
  namespace?: Uint8Array | undefined
  /** 32 bytes. */
  publicKey: Uint8Array
}

/** A manifest as it is passed to Hypercore: every field has a default. */
export interface ManifestInput {
  /** Default: 1, or 2 if `linked` or `userData` is given. */
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
