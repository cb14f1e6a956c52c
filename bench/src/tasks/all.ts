// Every task, in the order in which tables show them.

import { append, appendBatches, appendInTurn } from './append.js'
import { create } from './create.js'
import { footprint } from './footprint.js'
import { importing } from './import.js'
import { listing } from './listing.js'
import { read } from './read.js'
import { reopen } from './reopen.js'
import { replicateBlocks, replicateLarge } from './replicate-blocks.js'
import { replicateCores } from './replicate-cores.js'
import { serve } from './serve.js'
import { session } from './session.js'
import type { Task } from './task.js'

export const tasks: readonly Task[] = [
  create,
  reopen,
  session,
  append,
  appendInTurn,
  appendBatches,
  read,
  listing,
  replicateCores,
  replicateBlocks,
  replicateLarge,
  serve,
  footprint,
  importing,
]
