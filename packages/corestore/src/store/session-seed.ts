// What a session or namespace of a store is made of.

import type { SessionSettings } from '../options/store-options.js'
import type { Store } from './store.js'

export class SessionSeed {
  readonly parent: Store
  readonly settings: SessionSettings
  /** Closing the session also closes the store that made it. */
  readonly attached: boolean

  constructor(parent: Store, settings: SessionSettings, attached: boolean) {
    this.parent = parent
    this.settings = settings
    this.attached = attached
  }
}
