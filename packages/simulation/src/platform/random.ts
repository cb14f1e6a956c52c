// One seeded source of randomness. Everything that a run draws comes from the seed of the run.

import { random } from '@coreyard/random-access-kv/test'

export class Random {
  readonly #seed: number
  readonly #next: () => number

  constructor(seed: number) {
    this.#seed = seed
    this.#next = random(seed)
  }

  /** A source of its own for one purpose. It does not depend on what was drawn here before. */
  fork(purpose: string): Random {
    let hash = this.#seed | 0
    for (const character of purpose)
      hash = Math.imul(hash ^ character.charCodeAt(0), 0x5bd1e995) ^ (hash >>> 13)
    return new Random(hash)
  }

  /** From 0 to 1, exclusive. */
  float(): number {
    return this.#next()
  }

  /** An integer from 0 to `limit`, exclusive. */
  below(limit: number): number {
    return Math.floor(this.#next() * limit)
  }

  /** A number between two. */
  between(least: number, most: number): number {
    return least + this.#next() * (most - least)
  }

  chance(probability: number): boolean {
    return this.#next() < probability
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('There is nothing to pick from')
    return items[this.below(items.length)] as T
  }

  fill(bytes: Uint8Array): void {
    for (let index = 0; index < bytes.length; index++) bytes[index] = this.below(256)
  }

  bytes(size: number): Uint8Array {
    const bytes = new Uint8Array(size)
    this.fill(bytes)
    return bytes
  }
}
