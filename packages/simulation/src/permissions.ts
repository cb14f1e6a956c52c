// Who shares which core with whom: what the `authorize` of each machine answers, now and before.

import type { Refusal } from './options.js'

export class Permissions {
  /** Those that are refused for the whole run. */
  readonly #refused = new Set<string>()
  readonly #denied = new Set<string>()
  /** Pairs of machines of which one has changed its mind. */
  readonly changed = new Set<string>()

  constructor(refusals: readonly Refusal[]) {
    for (const { machine, peer, core } of refusals) this.#refused.add(keyOf(machine, peer, core))
  }

  /** Whether a machine replicates a core with a peer right now. */
  permits(machine: number, peer: number, core: number): boolean {
    return !this.refuses(machine, peer, core) && !this.#denied.has(keyOf(machine, peer, core))
  }

  /** Whether a machine never replicates a core with a peer. */
  refuses(machine: number, peer: number, core: number): boolean {
    return this.#refused.has(keyOf(machine, peer, core))
  }

  /** Changes a machine's mind. What is refused stays refused. Says whether anything has changed. */
  set(machine: number, peer: number, core: number, permit: boolean): boolean {
    const key = keyOf(machine, peer, core)
    this.changed.add(pairOf(machine, peer))
    if (permit) return this.#denied.delete(key)
    if (this.#denied.has(key)) return false
    this.#denied.add(key)
    return true
  }

  /** Permits everything that is not refused. */
  permitAll(): void {
    this.#denied.clear()
  }
}

/** Two machines, in either order. */
export function pairOf(one: number, other: number): string {
  return `${Math.min(one, other)} ${Math.max(one, other)}`
}

function keyOf(machine: number, peer: number, core: number): string {
  return `${machine} ${peer} ${core}`
}
