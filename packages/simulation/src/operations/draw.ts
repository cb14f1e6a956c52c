// Draws the operations of a run.

import { drawConditions, type RunOptions } from '../options.js'
import type { Random } from '../platform/random.js'
import type { Operation, Via } from './operation.js'

type Draw = (options: RunOptions, random: Random) => Distribute<Operation>
type Distribute<T> = T extends unknown ? Omit<T, 'wait'> : never

/** How each kind is drawn, and how often in comparison to the others. */
const KINDS: readonly (readonly [weight: number, draw: Draw])[] = [
  [
    30,
    (options, random) => ({
      kind: 'append',
      core: aCore(options, random),
      via: via(random),
      sizes: Array.from({ length: 1 + random.below(4) }, () => size(random)),
      session: random.chance(0.2),
    }),
  ],
  [
    3,
    (options, random) => ({
      kind: 'truncate',
      core: aCore(options, random),
      via: via(random),
      count: 1 + random.below(5),
    }),
  ],
  [
    4,
    (options, random) => ({
      kind: 'exclusive',
      core: aCore(options, random),
      size: size(random),
      hold: random.pick([0, 10, 1000]),
    }),
  ],
  [
    4,
    (options, random) => ({
      kind: 'clear',
      machine: aMachine(options, random),
      core: aCore(options, random),
      at: random.float(),
      count: 1 + random.below(4),
    }),
  ],
  [
    4,
    (options, random) => ({
      kind: 'delete',
      machine: aMachine(options, random),
      core: aCore(options, random),
      force: random.chance(0.6),
    }),
  ],
  [
    20,
    (options, random) => ({
      kind: 'read',
      machine: aMachine(options, random),
      core: aCore(options, random),
      via: via(random),
      at: random.float(),
      timeout: random.pick([10, 3000, 20_000]),
      session: random.chance(0.3),
    }),
  ],
  [
    14,
    (options, random) => ({
      kind: 'follow',
      machine: aMachine(options, random),
      core: aCore(options, random),
    }),
  ],
  [
    4,
    (options, random) => ({
      kind: 'unfollow',
      machine: aMachine(options, random),
      core: aCore(options, random),
    }),
  ],
  [2, (options, random) => ({ kind: 'list', machine: aMachine(options, random) })],
  [2, (options, random) => ({ kind: 'audit', machine: aMachine(options, random) })],
  [3, (options, random) => ({ kind: 'flush', machine: aMachine(options, random) })],
  [
    3,
    (options, random) => ({
      kind: 'suspend',
      machine: aMachine(options, random),
      pause: random.pick([0, 100, 5000]),
    }),
  ],
  [
    4,
    (options, random) => ({
      kind: 'reopen',
      machine: aMachine(options, random),
      pause: random.pick([0, 100, 5000]),
    }),
  ],
  [
    8,
    (options, random) => ({
      kind: 'crash',
      machine: aMachine(options, random),
      loss: options.powerCuts && random.chance(0.7) ? 'power' : 'process',
      calls: random.pick([0, 1 + random.below(5), random.below(40)]),
      pause: random.pick([0, 100, 5000]),
    }),
  ],
  [
    6,
    (options, random) => ({
      kind: 'cut',
      link: random.below(options.links.length),
      pause: random.pick([0, 500, 20_000]),
    }),
  ],
  [
    3,
    (options, random) => ({
      kind: 'slow',
      link: random.below(options.links.length),
      conditions: drawConditions(random),
      pause: random.pick([500, 20_000]),
    }),
  ],
  [
    6,
    (options, random) => ({
      kind: 'authorize',
      machine: aMachine(options, random),
      core: aCore(options, random),
      peer: aMachine(options, random),
      permit: random.chance(0.5),
    }),
  ],
]

const TOTAL = KINDS.reduce((sum, [weight]) => sum + weight, 0)

export function drawOperations(options: RunOptions, random: Random): Operation[] {
  return Array.from({ length: options.operations }, () => {
    const wait = random.pick([0, 0, 1, random.below(100), random.below(2000)])
    return { wait, ...drawKind(random)(options, random) }
  })
}

function drawKind(random: Random): Draw {
  let ticket = random.below(TOTAL)
  for (const [weight, draw] of KINDS) {
    if (ticket < weight) return draw
    ticket -= weight
  }
  throw new RangeError('The ticket is one of TOTAL')
}

function aMachine({ machines }: RunOptions, random: Random): number {
  return random.below(machines.length)
}

function aCore({ cores }: RunOptions, random: Random): number {
  return random.below(cores.length)
}

function via(random: Random): Via {
  return random.pick<Via>(['name', 'name', 'key', 'discoveryKey'])
}

/** Bytes of a block: most are small; some are so large that they are not in the store's log. */
function size(random: Random): number {
  return random.chance(0.1) ? random.below(20_000) : random.below(300)
}
