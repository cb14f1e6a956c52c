// Work that is done in no time.

import type { Sizes } from '../../src/sizes.js'

export const tiny: Sizes = {
  sessions: 20,
  appends: 20,
  batches: 1,
  reads: 50,
  replicated: 50,
  large: 3,
  kilobytes: 20,
  peers: 2,
  served: 20,
  opens: 500,
  mirrored: 10,
  asks: 1,
}
