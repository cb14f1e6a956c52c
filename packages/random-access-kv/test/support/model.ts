// The model that stores are checked against: a sorted array.

import type { IteratorOptions, Operation, RandomAccessKV, Snapshot } from '../../src/index.js'

export type Pair = readonly [key: Uint8Array, value: Uint8Array]

export class Model {
  #pairs: Pair[]

  constructor(pairs: Pair[] = []) {
    this.#pairs = pairs
  }

  get size(): number {
    return this.#pairs.length
  }

  copy(): Model {
    return new Model([...this.#pairs])
  }

  key(i: number): Uint8Array | undefined {
    return this.#pairs[i]?.[0]
  }

  #indexOf(key: Uint8Array): number {
    let low = 0
    let high = this.#pairs.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const pair = this.#pairs[middle]
      if (pair !== undefined && Buffer.compare(pair[0], key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  get(key: Uint8Array): Uint8Array | null {
    const pair = this.#pairs[this.#indexOf(key)]
    return pair !== undefined && Buffer.compare(pair[0], key) === 0 ? pair[1] : null
  }

  apply(operations: readonly Operation[]): void {
    for (const operation of operations) {
      if (operation.type === 'clear') {
        this.#pairs = this.#pairs.filter(([key]) => !isInside(key, operation))
        continue
      }
      const i = this.#indexOf(operation.key)
      const isThere = this.get(operation.key) !== null
      if (operation.type === 'put') this.#pairs.splice(i, isThere ? 1 : 0, [operation.key, operation.value])
      else if (isThere) this.#pairs.splice(i, 1)
    }
  }

  list(options: IteratorOptions = {}): Pair[] {
    const inside = this.#pairs.filter(([key]) => isInside(key, options))
    if (options.reverse) inside.reverse()
    const limit = options.limit ?? -1
    return limit < 0 ? inside : inside.slice(0, limit)
  }
}

function isInside(key: Uint8Array, { gt, gte, lt, lte }: IteratorOptions): boolean {
  return (
    (gt === undefined || Buffer.compare(key, gt) > 0) &&
    (gte === undefined || Buffer.compare(key, gte) >= 0) &&
    (lt === undefined || Buffer.compare(key, lt) < 0) &&
    (lte === undefined || Buffer.compare(key, lte) <= 0)
  )
}

/** Everything in a store, in order. */
export async function contents(
  store: RandomAccessKV | Snapshot,
  options: IteratorOptions = {},
): Promise<Pair[]> {
  const pairs: Pair[] = []
  for await (const { key, value } of store.iterator(options)) pairs.push([key, value])
  return pairs
}

/** Throws if two lists differ, naming the first place where they do. */
export function assertSame(actual: readonly Pair[], expected: readonly Pair[], what: string): void {
  const i = firstDifference(actual, expected)
  if (i < 0) return
  throw new Error(
    `${what}: entry ${i} of ${actual.length} is ${show(actual[i])}, expected ${show(expected[i])} of ${expected.length}`,
  )
}

export function isSame(actual: readonly Pair[], expected: readonly Pair[]): boolean {
  return actual.length === expected.length && firstDifference(actual, expected) < 0
}

/** The first place where two lists differ, -1 if they do not. */
function firstDifference(actual: readonly Pair[], expected: readonly Pair[]): number {
  for (let i = 0; i < Math.max(actual.length, expected.length); i++) {
    const [a, b] = [actual[i], expected[i]]
    if (!a || !b || Buffer.compare(a[0], b[0]) !== 0 || Buffer.compare(a[1], b[1]) !== 0) return i
  }
  return -1
}

function show(pair: Pair | undefined): string {
  if (pair === undefined) return 'missing'
  const [key, value] = pair
  return `${Buffer.from(key).toString('hex').slice(0, 40)} -> ${value.length} bytes`
}

/** Throws unless `verify` finds nothing wrong. */
export async function assertSound(store: RandomAccessKV, what: string): Promise<void> {
  const { problems } = await store.verify()
  if (problems.length > 0)
    throw new Error(`${what}: ${problems.map((problem) => problem.message).join('; ')}`)
}
