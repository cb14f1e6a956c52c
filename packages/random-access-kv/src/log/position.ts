// Where the log stands: when it was read, and when it is to go back.

import type { Extent } from '../space/space.js'
import type { Dialect } from './record.js'

/** Where the log stands: the extents it is made of, and where the next record goes. */
export interface LogEnd {
  readonly extents: Extent[]
  /** Bytes from the start of the last extent. */
  readonly offset: number
  readonly sequence: number
  /** The last record that is known to be safe from a power cut. */
  readonly synced: number
  readonly previous: number
  /** How records are written in the last extent. */
  readonly dialect: Dialect
  /** Whether a record stands behind the end, of which something else was torn. */
  readonly hasTorn: boolean
}

/** A place to go back to. */
export interface Position {
  /** How many extents there were. */
  readonly extents: number
  readonly offset: number
  readonly sequence: number
  readonly previous: number
  readonly dialect: Dialect
  readonly bytes: number
}
