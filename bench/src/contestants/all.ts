// Every contestant, in the order in which tables and charts show them.

import type { Contestant } from './contestant.js'
import { corestore6 } from './corestore-6.js'
import { corestore7 } from './corestore-7.js'
import { coreyard } from './coreyard.js'
import { hypercore } from './hypercore.js'

export const contestants: readonly Contestant[] = [...coreyard, corestore7, ...corestore6, ...hypercore]
