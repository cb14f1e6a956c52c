// A store that listens on the loopback interface, with an honest peer and hostile ones, each in a process of its own.

import type { HonestDone, HonestWanted } from '../honest-peer.js'
import type { HostileWanted } from '../hostile-peers.js'
import { openMessage } from '../wire.js'
import { listen, Program } from './program.js'
import { type NewPlace, withStore } from './task.js'

/** An attack is under way when the store has received this part of its messages. */
const UNDER_WAY = 0.05

/** Fewer requests than this count only if they took long. */
const FEWEST = 5
/** So many microseconds are long. */
const LONG = 1e6

type Attack =
  | Omit<Extract<HostileWanted, { role: 'flood' }>, 'port'>
  | Omit<Extract<HostileWanted, { role: 'mirror' }>, 'port'>

/** An open store. Its peers request stored cores that are not open. */
export class AttackedStore {
  readonly #honest: Pick<Program, 'ask'>
  readonly #hostile: Program[] = []
  #port = 0
  /** Bytes to be received until the attack is under way. */
  #awaited = Number.POSITIVE_INFINITY
  #underWay = () => {}

  private constructor(honest: Pick<Program, 'ask'>) {
    this.#honest = honest
  }

  /** Opens the store, and closes it after `use`. */
  static async with<T>(
    place: NewPlace,
    honest: Pick<Program, 'ask'>,
    use: (store: AttackedStore) => Promise<T>,
  ): Promise<T> {
    return withStore(place, async (store) => {
      const attacked = new AttackedStore(honest)
      const received = (bytes: number) => attacked.#received(bytes)
      const server = await listen(store, { allowHalfOpen: true, received })
      attacked.#port = server.port
      try {
        await honest.ask({ port: server.port } satisfies HonestWanted)
        return await use(attacked)
      } finally {
        for (const program of attacked.#hostile) program.kill()
        server.close()
      }
    })
  }

  /** The honest peer requests cores (keys in hex), one after the other. Returns how long each takes, in microseconds. */
  async request(keys: readonly string[], goOn = () => true): Promise<number[]> {
    const times: number[] = []
    for (const key of keys) {
      if (!goOn()) break
      const { time } = await this.#honest.ask<HonestDone>({ key } satisfies HonestWanted)
      times.push(time)
    }
    return times
  }

  /**
   * The same while the store is attacked: each request that counts begins when the attack is under way, and before its end. There may be
   * fewer of them than keys. Resolves after the attack.
   */
  async requestDuring(attack: Attack, keys: readonly string[]): Promise<number[]> {
    const underWay = new Promise<void>((resolve) => {
      this.#awaited = UNDER_WAY * messagesOf(attack) * openMessage(1).byteLength
      this.#underWay = resolve
    })
    let isOver = false
    const program = new Program('hostile-peers')
    this.#hostile.push(program)
    const end = program.ask({ ...attack, port: this.#port } satisfies HostileWanted).finally(() => {
      isOver = true
    })
    await Promise.race([underWay, end])
    const times = await this.request(keys, () => !isOver)
    await end
    return times
  }

  #received(bytes: number): void {
    this.#awaited -= bytes
    if (this.#awaited <= 0) this.#underWay()
  }
}

/**
 * Whether requests that an attack met say something about it. A few that took long fill the attack; a few fast ones are from an attack that
 * was too short.
 */
export function isEnough(times: readonly number[], wanted: number): boolean {
  const total = times.reduce((sum, time) => sum + time, 0)
  return times.length >= Math.min(wanted, FEWEST) || total >= LONG
}

function messagesOf(attack: Attack): number {
  return attack.role === 'flood' ? attack.opens : attack.keys.length
}
