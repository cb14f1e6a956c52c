// A Hypercore session that knows its key before it has a core. Hypercore reads the key from the core. While the store still looks up
// whether the core is stored, there is no core yet.

import type { Bytes, Hypercore as HypercoreSession } from '@coreyard/hypercore-types'
import id from 'hypercore-id-encoding'
import { SessionClass } from './session-class.js'

/** The keys of a core, as far as they are known. */
export interface KnownKeys {
  /** 32 bytes. */
  readonly key: Uint8Array | null
  /** 32 bytes. */
  readonly discoveryKey: Uint8Array
}

// Kept outside of the sessions, because Hypercore's constructor reads the key before the session has fields.
const identities = new WeakMap<HypercoreSession<unknown>, KnownKeys>()

export class KnownKeySession extends SessionClass {
  /** Sets the keys of the core that this will be a session of. */
  identify(identity: KnownKeys): void {
    identities.set(this, identity)
  }

  override get key(): Bytes {
    return (super.key ?? identities.get(this)?.key ?? null) as Bytes // `null` until it is known, as in Hypercore
  }

  override get discoveryKey(): Bytes {
    return (super.discoveryKey ?? identities.get(this)?.discoveryKey ?? null) as Bytes
  }

  override get id(): string {
    return super.id ?? (this.key && id.encode(this.key))
  }
}
