// What a round is drawn to be: the options of the store, how its storage behaves and fails, and what is put into it.

import type { KvOptions } from '../src/index.js'
import { type Faults, NO_FAULTS, type StorageKind } from './recorder.js'

export interface Setup {
  readonly options: KvOptions
  readonly storage: StorageKind
  readonly faults: Faults
  /** How often the disk is full for a while, from 0 to 1. */
  readonly fullDisk: number
  readonly steps: number
  /** How many different keys there are. */
  readonly keys: number
  /** Whether some values are pieces of stores: logs, meta pages and nodes, of this store and of another. */
  readonly isHostile: boolean
  /** Whether some values are whole stores. */
  readonly hasWholeStores: boolean
  /** Whether work is split into turns of the event loop. */
  readonly timePasses: boolean
}

export function drawSetup(draw: () => number): Setup {
  const pick = <const T extends readonly [unknown, ...unknown[]]>(...choices: T): T[number] =>
    choices[Math.floor(draw() * choices.length)] ?? choices[0]
  return {
    options: {
      pageSize: pick(512, 512, 1024, 2048, 4096, 4096, 4096, 16_384),
      cacheSize: pick(0, 4000, 30_000, 1 << 20),
      logSize: pick(1000, 4000, 4000, 20_000, 200_000),
      sync: pick('checkpoint', 'checkpoint', 'always', 'always', 20),
    },
    storage: {
      isLate: draw() < 0.3,
      canStat: draw() < 0.85,
      canTruncate: draw() < 0.85,
    },
    faults:
      draw() < 0.25
        ? NO_FAULTS
        : {
            reads: pick(0, 0, 0.02),
            writes: pick(0, 0.1, 0.3, 0.4),
            syncs: pick(0, 0.2, 0.5),
            truncations: pick(0, 0.5),
            forgets: pick(0, 0.5, 1),
          },
    fullDisk: pick(0, 0, 0, 0.1),
    steps: 15 + Math.floor(draw() * 40),
    keys: pick(6, 40, 40, 120),
    isHostile: draw() < 0.6,
    hasWholeStores: draw() < 0.1,
    timePasses: draw() < 0.3,
  }
}
