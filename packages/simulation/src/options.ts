// The options of a run: drawn from its seed, within what a profile allows.

import type { DiskSpeed } from './machine/mounted-disk.js'
import type { Conditions } from './network/wire.js'
import type { Random } from './platform/random.js'

/** When a store's disk is synced; `undefined` for the store's default. */
export type Sync = 'always' | 'checkpoint' | number | undefined

/**
 * - `safe`: what is promised today. Stores whose disk loses power have `sync: 'always'`.
 * - `default-options`: every store of Coreyard has the default options, and every disk loses power.
 * - `copies`: stores go on from copies of themselves. All peers have all that was told and can be reached: who cannot be asked cannot
 *   keep a copy from forking.
 */
export type ProfileName = 'safe' | 'default-options' | 'copies'

export interface Profile {
  readonly powerCuts: (random: Random) => boolean
  readonly sync: (random: Random, powerCuts: boolean) => Sync
  /** Whether caches and pages are as small as they can be in some runs. */
  readonly isTuned: boolean
  /** Whether stores go on from copies of themselves. */
  readonly copies: boolean
}

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  safe: {
    powerCuts: (random) => random.chance(0.7),
    sync: (random, powerCuts) =>
      powerCuts ? 'always' : random.pick<Sync>([undefined, 'always', 'checkpoint', 100]),
    isTuned: true,
    copies: false,
  },
  'default-options': { powerCuts: () => true, sync: () => undefined, isTuned: false, copies: false },
  copies: { powerCuts: () => false, sync: () => undefined, isTuned: false, copies: true },
}

export interface MachineOptions {
  readonly kind: 'coreyard' | 'corestore-7'
  readonly sync: Sync
  /** `undefined`: the default. */
  readonly cacheSize: number | undefined
  readonly logSize: number | undefined
  readonly pageSize: number | undefined
  /** Bytes of pages in memory. */
  readonly pageCache: number | undefined
  readonly disk: DiskSpeed
  /** Whether the store makes its streams itself, or is handed encrypted ones. */
  readonly makesStreams: boolean
  /** How long `authorize` takes to decide, in milliseconds; 0 decides at once. */
  readonly decides: number
}

export interface CoreOptions {
  /** The machine that writes it. */
  readonly owner: number
  readonly namespace: string | null
  readonly name: string
}

/** A machine that never shares a core with another. */
export interface Refusal {
  readonly machine: number
  readonly peer: number
  readonly core: number
}

export interface RunOptions {
  readonly seed: number
  readonly profile: ProfileName
  readonly machines: readonly MachineOptions[]
  readonly cores: readonly CoreOptions[]
  readonly links: readonly { readonly ends: readonly [number, number]; readonly conditions: Conditions }[]
  readonly refusals: readonly Refusal[]
  readonly powerCuts: boolean
  /** The longest that a piece of work takes the processor, in milliseconds. */
  readonly effort: number
  readonly operations: number
}

export function drawOptions(seed: number, profile: ProfileName, random: Random): RunOptions {
  const rules = PROFILES[profile]
  const powerCuts = rules.powerCuts(random)
  const count = 2 + random.below(3)
  const machines = Array.from({ length: count }, (_, index) => drawMachine(index, rules, powerCuts, random))
  const most = random.pick([1, 2, 3])
  const cores = machines.flatMap((_, owner) =>
    ['a', 'b', 'c'].slice(0, 1 + random.below(most)).map((name) => ({
      owner,
      namespace: random.chance(0.3) ? 'space' : null,
      name,
    })),
  )
  return {
    seed,
    profile,
    machines,
    cores,
    links: rules.copies ? linkAll(count) : drawLinks(count, random),
    refusals: rules.copies ? [] : drawRefusals(machines, cores, random),
    powerCuts,
    effort: random.pick([0, 0.02, 0.3]),
    operations: random.pick([30, 100, 300]),
  }
}

function drawMachine(index: number, rules: Profile, powerCuts: boolean, random: Random): MachineOptions {
  const tune = <T>(value: T) => (rules.isTuned && random.chance(0.5) ? value : undefined)
  const kind = index > 0 && !rules.copies && random.chance(0.15) ? 'corestore-7' : 'coreyard'
  const sync = rules.sync(random, powerCuts)
  return {
    kind,
    // Corestore 7 tells its peers what is not synced: by default its writers fork.
    sync: kind === 'corestore-7' && powerCuts ? 'always' : sync,
    cacheSize: tune(1 + random.below(3)),
    logSize: tune(random.pick([2000, 20_000, 200_000])),
    pageSize: tune(random.pick([512, 1024, 8192])),
    pageCache: tune(random.pick([0, 30_000])),
    disk: random.pick([
      { call: 0, sync: 0 },
      { call: 0, sync: 20 },
      { call: 2, sync: 30 },
    ]),
    makesStreams: random.chance(0.3),
    decides: random.pick([0, 0, 50]),
  }
}

export function drawConditions(random: Random): Conditions {
  const least = random.pick([0.1, 5, 50])
  return {
    latency: [least, least * random.pick([1, 2, 10])],
    rate: random.pick([20, 1000, 1e9]),
  }
}

/** Every machine is linked to every other one. */
function linkAll(count: number): RunOptions['links'] {
  const conditions: Conditions = { latency: [1, 10], rate: 1e9 }
  return Array.from({ length: count }, (_, other) =>
    Array.from({ length: other }, (_, one) => ({ ends: [one, other] as const, conditions })),
  ).flat()
}

/** Every machine is linked to the one before it, and to some of the others. */
function drawLinks(count: number, random: Random): RunOptions['links'] {
  const links: { ends: [number, number]; conditions: Conditions }[] = []
  for (let one = 0; one < count; one++) {
    for (let other = one + 1; other < count; other++) {
      if (other === one + 1 || random.chance(0.6)) {
        links.push({ ends: [one, other], conditions: drawConditions(random) })
      }
    }
  }
  return links
}

function drawRefusals(
  machines: readonly MachineOptions[],
  cores: readonly CoreOptions[],
  random: Random,
): Refusal[] {
  const refusals: Refusal[] = []
  for (const [core] of cores.entries()) {
    for (const [machine, { kind }] of machines.entries()) {
      for (const [peer] of machines.entries()) {
        // Corestore 7 cannot refuse.
        if (peer !== machine && kind === 'coreyard' && random.chance(0.06)) {
          refusals.push({ machine, peer, core })
        }
      }
    }
  }
  return refusals
}
