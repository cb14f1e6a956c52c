// A Hypercore session that knows its key before it has a core. Hypercore asks the core for it, and there is none yet while it is
// looked up whether the core is stored.

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

// Beside the sessions and not in them: Hypercore's constructor reads the key before there are fields.
const identities = new WeakMap<HypercoreSession<unknown>, KnownKeys>()

export class KnownKeySession extends SessionClass {
  /** Says which core it is going to be a session of. */
  identify(identity: KnownKeys): void {
    identities.set(this, identity)
  }

  override get key(): Bytes {
    return (super.key ?? identities.get(this)?.key ?? null) as Bytes // `null` until it is known, as Hypercore has it
  }

  override get discoveryKey(): Bytes {
    return (super.discoveryKey ?? identities.get(this)?.discoveryKey ?? null) as Bytes
  }

  override get id(): string {
    return super.id ?? (this.key && id.encode(this.key))
  }
}
