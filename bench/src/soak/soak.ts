// A soak: a store in a process of its own, honest and hostile peers in another one, and what is seen of them each minute.

import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Program } from '../tasks/program.js'
import type {
  Minute,
  PeersFigures,
  PeersStarted,
  PeersWanted,
  StoreFigures,
  StoreOpened,
  StoreWanted,
} from './figures.js'

/** From one look at the processor time to the next, in milliseconds. */
const LOOK_EACH = 5000
/** The pauses of the attackers, in milliseconds. */
const PAUSES = { least: 10, most: 20_000 }

export interface SoakOptions {
  readonly engine: string
  /** In which a directory for the store is made, and removed. */
  readonly directory: string
  /** How many there are, and how long each takes in milliseconds. */
  readonly minutes: number
  readonly minute: number
  /** How many cores are stored. */
  readonly cores: number
  /** How much of one processor the processes should take, as a part. */
  readonly share: number
  readonly seed: number
  /** The names of the attacks. */
  readonly attacks: readonly string[]
  /** Ends the soak, which rejects then. */
  readonly signal?: AbortSignal | undefined
  /** Told of each minute. */
  onminute(minute: Minute): void
}

/** Runs a soak of one engine. */
export async function soak(options: SoakOptions): Promise<void> {
  const directory = await mkdtemp(join(options.directory, 'coreyard-soak-'))
  const store = new Program('soak-store')
  const peers = new Program('soak-peers')
  const tell = {
    store: <Answer>(wanted: StoreWanted) => store.ask<Answer>(wanted),
    peers: <Answer>(wanted: PeersWanted) => peers.ask<Answer>(wanted),
  }
  try {
    const { engine, cores, seed, attacks } = options
    const { port, keys } = await tell.store<StoreOpened>({ kind: 'open', engine, directory, cores })
    const { key } = await tell.peers<PeersStarted>({ kind: 'start', port, keys, seed, attacks })
    await tell.store({ kind: 'follow', key })
    const pace = new Pace(options.share)
    let writtenBefore = 0
    for (let minute = 1; minute <= options.minutes; minute++) {
      const { figures, seen } = await watch(tell, options, pace)
      options.onminute({ engine, minute, store: figures, peers: seen, writtenBefore })
      writtenBefore = seen.written
    }
    await tell.peers({ kind: 'end' })
    await tell.store({ kind: 'close' })
  } finally {
    store.kill()
    peers.kill()
    await rm(directory, { recursive: true, force: true })
  }
}

interface Tell {
  store<Answer>(wanted: StoreWanted): Promise<Answer>
  peers<Answer>(wanted: PeersWanted): Promise<Answer>
}

/** Looks at a minute, and gives the most that was seen in it. */
async function watch(
  tell: Tell,
  { minute, signal }: Pick<SoakOptions, 'minute' | 'signal'>,
  pace: Pace,
): Promise<{ figures: StoreFigures; seen: PeersFigures }> {
  const looks = Math.max(1, Math.round(minute / LOOK_EACH))
  let figures: StoreFigures | null = null
  let seen: PeersFigures | null = null
  for (let look = 0; look < looks; look++) {
    await wait(minute / looks, undefined, { signal })
    const [store, peers] = await Promise.all([
      tell.store<StoreFigures>({ kind: 'figures' }),
      tell.peers<PeersFigures>({ kind: 'figures' }),
    ])
    await tell.peers({ kind: 'pause', milliseconds: pace.next(store.processor + peers.processor) })
    figures = figures === null ? store : mostOf(figures, store)
    seen = seen === null ? peers : together(seen, peers)
  }
  if (figures === null || seen === null) throw new TypeError('A minute without a look')
  return { figures, seen }
}

function mostOf(one: StoreFigures, other: StoreFigures): StoreFigures {
  return Object.fromEntries(
    Object.entries(one).map(([name, value]) => [name, Math.max(value, other[name as keyof StoreFigures])]),
  ) as unknown as StoreFigures
}

function together(one: PeersFigures, other: PeersFigures): PeersFigures {
  const made: Record<string, number> = { ...one.attacks }
  for (const [name, count] of Object.entries(other.attacks)) made[name] = (made[name] ?? 0) + count
  return {
    ...other,
    asked: [...one.asked, ...other.asked],
    failed: [...one.failed, ...other.failed],
    attacks: made,
  }
}

/** Has attackers pause for longer while more of the processor is taken than should be. */
class Pace {
  readonly #share: number
  #pause = 500
  #processor = 0
  #since = performance.now()

  constructor(share: number) {
    this.#share = share
  }

  /** @param processor time so far, in microseconds */
  next(processor: number): number {
    const now = performance.now()
    const used = (processor - this.#processor) / 1000 / (now - this.#since)
    this.#processor = processor
    this.#since = now
    const { least, most } = PAUSES
    // It follows slowly: an attack may take some seconds.
    this.#pause = Math.min(most, Math.max(least, this.#pause * Math.sqrt(used / this.#share)))
    return Math.round(this.#pause)
  }
}
