// Draws the operations of a run.

import { drawConditions, PROFILES, type RunOptions } from '../options.js'
import type { Random } from '../platform/random.js'
import type { Operation, Via } from './operation.js'

type Draw = (options: RunOptions, random: Random) => Distribute<Operation>
type Distribute<T> = T extends unknown ? Omit<T, 'wait'> : never

type Kind = readonly [weight: number, draw: Draw]

/** How each kind is drawn, and how often in comparison to the others. */
const KINDS: readonly [Kind, ...Kind[]] = [
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
      pause: aPause(random),
    }),
  ],
  [
    4,
    (options, random) => ({
      kind: 'reopen',
      machine: aMachine(options, random),
      pause: aPause(random),
    }),
  ],
  [
    8,
    (options, random) => ({
      kind: 'crash',
      machine: aMachine(options, random),
      loss: options.powerCuts && random.chance(0.7) ? 'power' : 'process',
      calls: random.pick([0, 1 + random.below(5), random.below(20)]),
      pause: aPause(random),
    }),
  ],
  [
    6,
    (options, random) => ({
      kind: 'cut',
      link: random.below(options.links.length),
      pause: aPause(random) * 4,
    }),
  ],
  [
    3,
    (options, random) => ({
      kind: 'slow',
      link: random.below(options.links.length),
      conditions: drawConditions(random),
      pause: 500 + aPause(random) * 4,
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

/** What there is in runs in which stores go on from copies of themselves. */
const RESTORE: Kind = [
  10,
  (options, random) => ({
    kind: 'restore',
    machine: aMachine(options, random),
    by: random.pick(['backup', 'image']),
    meanwhile: random.pick([100, 3000, 10_000]),
    pause: aPause(random),
  }),
]
/** What keeps a copy from asking all that know, or a peer from having all that was told. */
const NOT_WITH_COPIES: ReadonlySet<Operation['kind']> = new Set([
  'clear',
  'crash',
  'cut',
  'delete',
  'slow',
  'authorize',
  'unfollow',
])

/** How much more or less often a kind comes in one run than in another. Some runs do without some kinds. */
const FACTORS = [0, 0.3, 1, 1, 3]

/** Draws the operations of a run: which cores are followed from the start, and then what each run has its own taste for. */
export function drawOperations(options: RunOptions, random: Random): Operation[] {
  // There is no run without appends, which come first.
  const kinds = KINDS.map(([weight, draw], index) => ({
    weight: weight * (index === 0 ? 1 : random.pick(FACTORS)),
    draw,
  }))
  const waits = random.pick([
    [0, 0, 1, 20, 100],
    [0, 0, 1, 100, 2000],
  ])
  const { copies } = PROFILES[options.profile]
  if (copies) kinds.push({ weight: RESTORE[0], draw: RESTORE[1] })
  const following = drawFollowers(options, copies ? [1] : [0, 0.5, 1], random)
  const others = Array.from({ length: options.operations }, () => {
    const wait = random.below(random.pick(waits) + 1)
    return { wait, ...drawKind(kinds, random)(options, random) }
  })
  return [...following, ...others.filter(({ kind }) => !copies || !NOT_WITH_COPIES.has(kind))]
}

function drawFollowers(
  { machines, cores }: RunOptions,
  shares: readonly number[],
  random: Random,
): Operation[] {
  const share = random.pick(shares)
  return machines.flatMap((_, machine) =>
    [...cores.keys()]
      .filter(() => random.chance(share))
      .map((core): Operation => ({ kind: 'follow', machine, core, wait: 0 })),
  )
}

function drawKind(kinds: readonly { weight: number; draw: Draw }[], random: Random): Draw {
  let ticket = random.float() * kinds.reduce((sum, { weight }) => sum + weight, 0)
  for (const { weight, draw } of kinds) {
    if (ticket < weight) return draw
    ticket -= weight
  }
  // Only if no kind has any weight.
  return KINDS[0][1]
}

function aMachine({ machines }: RunOptions, random: Random): number {
  return random.below(machines.length)
}

function aCore({ cores }: RunOptions, random: Random): number {
  return random.below(cores.length)
}

/** How long a machine is down. Most pauses are short, so that a run goes on with most of its machines. */
function aPause(random: Random): number {
  return random.pick([0, 0, 20, 100, 5000])
}

function via(random: Random): Via {
  return random.pick<Via>(['name', 'name', 'name', 'name', 'key', 'discoveryKey'])
}

/** Bytes of a block: most are small; some are so large that they are not in the store's log. */
function size(random: Random): number {
  return random.chance(0.1) ? random.below(20_000) : random.below(300)
}
