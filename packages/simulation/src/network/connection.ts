// A connection between two machines: two sockets and the wires between them.

import type { Clock } from '../platform/clock.js'
import type { Random } from '../platform/random.js'
import { Socket } from './socket.js'
import { type Conditions, Wire } from './wire.js'

/** How long an end takes to notice that nothing comes any more, in milliseconds. */
const NOTICED_WITHIN = 15_000

export class Connection {
  readonly sockets: readonly [Socket, Socket]
  readonly #wires: readonly [Wire, Wire]
  readonly #clock: Clock
  readonly #random: Random

  constructor(conditions: Conditions, clock: Clock, random: Random) {
    this.#clock = clock
    this.#random = random
    const wires = [new Wire(conditions, clock, random), new Wire(conditions, clock, random)] as const
    const sockets = [new Socket(wires[0]), new Socket(wires[1])] as const
    wires[0].lead(sockets[1])
    wires[1].lead(sockets[0])
    this.#wires = wires
    this.sockets = sockets
    sockets.forEach((socket, side) => {
      socket.on('close', () => this.#closed(side))
    })
  }

  get isOpen(): boolean {
    return this.sockets.every((socket) => !socket.destroying)
  }

  set conditions(conditions: Conditions) {
    for (const wire of this.#wires) wire.conditions = conditions
  }

  /** Loses everything from now on. Each end notices when it does. */
  cut(): void {
    for (const wire of this.#wires) wire.break()
    for (const socket of this.sockets) this.#closeWithin(socket, NOTICED_WITHIN)
  }

  /** One end is gone at once, with what it has not sent yet. The other one notices later. */
  lose(side: number): void {
    for (const wire of this.#wires) wire.break()
    this.sockets[side]?.destroy()
  }

  /** What one end has sent before it closed arrives before the other one closes. */
  #closed(side: number): void {
    const other = this.sockets[1 - side]
    if (other !== undefined && !other.destroying) this.#closeWithin(other, NOTICED_WITHIN / 10)
  }

  #closeWithin(socket: Socket, most: number): void {
    void this.#clock.sleep(this.#random.between(0, most)).then(() => socket.destroy())
  }
}
