// The links between machines. A link that is up keeps a connection open between its two ends, as a swarm does.

import type { Log } from '../log.js'
import type { Clock } from '../platform/clock.js'
import type { Random } from '../platform/random.js'
import { Connection } from './connection.js'
import type { Socket } from './socket.js'
import type { Conditions } from './wire.js'

/** How long a link waits before it connects again, in milliseconds. */
const RECONNECTS_WITHIN = 2000

/** What a link leads to. */
export interface Endpoint {
  readonly name: string
  /** Whether it takes connections. */
  readonly isUp: boolean
  connect(socket: Socket, peer: Endpoint, isInitiator: boolean): void
}

export interface Link {
  readonly ends: readonly [Endpoint, Endpoint]
  readonly name: string
  isUp: boolean
  conditions: Conditions
  connection: Connection | null
}

export class Network {
  readonly links: Link[] = []
  readonly #clock: Clock
  readonly #random: Random
  readonly #log: Log

  constructor(clock: Clock, random: Random, log: Log) {
    this.#clock = clock
    this.#random = random
    this.#log = log
  }

  add(one: Endpoint, other: Endpoint, conditions: Conditions): void {
    const name = one.name + other.name
    this.links.push({ ends: [one, other], name, isUp: true, conditions, connection: null })
  }

  cut(link: Link): void {
    link.isUp = false
    link.connection?.cut()
    link.connection = null
  }

  heal(link: Link): void {
    link.isUp = true
    this.#connectLater(link)
  }

  change(link: Link, conditions: Conditions): void {
    link.conditions = conditions
    if (link.connection !== null) link.connection.conditions = conditions
  }

  /** A machine takes connections from now on. */
  up(end: Endpoint): void {
    for (const link of this.#of(end)) this.#connectLater(link)
  }

  /** A machine is gone, with everything that it has not sent yet. */
  down(end: Endpoint): void {
    for (const link of this.#of(end)) {
      link.connection?.lose(link.ends.indexOf(end))
      link.connection = null
    }
  }

  #of(end: Endpoint): Link[] {
    return this.links.filter(({ ends }) => ends.includes(end))
  }

  #connectLater(link: Link): void {
    void this.#clock.sleep(this.#random.between(0, RECONNECTS_WITHIN)).then(() => this.#connect(link))
  }

  #connect(link: Link): void {
    const [one, other] = link.ends
    if (!link.isUp || !one.isUp || !other.isUp || link.connection?.isOpen) return
    const connection = new Connection(link.conditions, this.#clock, this.#random)
    link.connection = connection
    const isInitiator = this.#random.chance(0.5)
    this.#log.event(link.name, 'connects')
    const [near, far] = connection.sockets
    near.once('close', () => this.#connectLater(link))
    far.once('close', () => this.#connectLater(link))
    one.connect(near, other, isInitiator)
    other.connect(far, one, !isInitiator)
  }
}
