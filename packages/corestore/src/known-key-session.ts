// A Hypercore session that knows its key before it has a core. Hypercore asks the core for it, and there is none yet while it is
// looked up whether the core is stored.

import type { Bytes, HypercoreOptions, Hypercore as HypercoreSession } from '@coreyard/hypercore-types'
import Hypercore from 'hypercore'
import id from 'hypercore-id-encoding'
import type { CoreIdentity } from './core-identity.js'

/** Hypercore's class, with the one call of its constructor that is made here. */
export const SessionClass = Hypercore as unknown as new (
  storage: null,
  options: HypercoreOptions,
) => HypercoreSession<unknown>

// Beside the sessions and not in them: Hypercore's constructor reads the key before there are fields.
const identities = new WeakMap<HypercoreSession<unknown>, CoreIdentity>()

export class KnownKeySession extends SessionClass {
  /** Says which core it is going to be a session of. */
  identify(identity: CoreIdentity): void {
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
