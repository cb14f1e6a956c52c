// Every task, in the order in which tables show them.

import { oneCore } from './blocks.js'
import { cores } from './cores.js'
import { followed } from './followed.js'
import { footprint } from './footprint.js'
import { hostile } from './hostile.js'
import { importing } from './import.js'
import { listing } from './listing.js'
import { network } from './network.js'
import { replicateBlocks, replicateLarge } from './replicate-blocks.js'
import { replicateCores } from './replicate-cores.js'
import { serve } from './serve.js'
import type { Task } from './task.js'
import { watched } from './watched.js'

export const tasks: readonly Task[] = [
  cores,
  oneCore,
  followed,
  listing,
  watched,
  replicateCores,
  replicateBlocks,
  replicateLarge,
  serve,
  network,
  hostile,
  footprint,
  importing,
]
