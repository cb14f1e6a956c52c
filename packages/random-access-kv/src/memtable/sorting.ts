// Sorting the changes of a log by key. A memtable takes them several times faster so than as they came.

import { clearAt, endOf, isClear, keyEndOf, keyOf } from '../commit/operations.js'
import { inSteps, nextTurn } from '../event-loop.js'
import { type Clear, Clears } from './clears.js'

/** Bits of a place among the changes that are sorted together. */
const PLACE_BITS = 20
/** The most changes that are sorted together. */
const MOST = 1 << PLACE_BITS
const PLACE = MOST - 1
/** The most cleared ranges among them. */
const MOST_CLEARS = 10_000
/** Bytes of a key that are compared at once. */
const COMPARED = 5
/** Bits of how many bytes of a key are left: 0 to `COMPARED`, or more. */
const LEFT_BITS = 3
const LEFT = (1 << LEFT_BITS) - 1
/** Which half of a number of 64 bits is the lower one on this machine. */
const LOW = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 0 : 1
const HIGH = 1 - LOW
/** So few changes with the same start of their keys are sorted one by one. */
const FEW = 16
/** So many numbers are sorted in one turn of the event loop. */
const PART = 1 << 17
/** After so many steps, others may get their turn. */
const STEP = 4096
/** Instead of the place of a change whose key a later one has, too. */
const NONE = 0xffff_ffff

/** Changes of a log: those from an offset on, up to the end, or the most that are sorted together. */
export class Sorting {
  readonly #bytes: Uint8Array
  /** Where each change of a key is. */
  readonly offsets: Uint32Array
  /** The ranges that were cleared. */
  readonly clears: readonly Clear[]
  /** The offset after the last change. */
  readonly end: number

  private constructor(bytes: Uint8Array, offsets: Uint32Array, clears: readonly Clear[], end: number) {
    this.#bytes = bytes
    this.offsets = offsets
    this.clears = clears
    this.end = end
  }

  /** Finds the changes. */
  static async from(bytes: Uint8Array, start: number): Promise<Sorting> {
    const offsets: number[] = []
    const clears: Clear[] = []
    let o = start
    const goesOn = () => o < bytes.length && offsets.length < MOST && clears.length < MOST_CLEARS
    while (goesOn()) {
      for (let i = 0; i < STEP && goesOn(); i++) {
        if (isClear(bytes, o)) clears.push({ ...clearAt(bytes, o), after: offsets.length })
        else offsets.push(o)
        o = endOf(bytes, o)
      }
      await nextTurn()
    }
    return new Sorting(bytes, Uint32Array.from(offsets), clears, o)
  }

  /** The places in `offsets` of the changes that count, in the order of their keys: the last one of each key, unless it was cleared later. */
  async places(): Promise<Uint32Array> {
    const places = new Uint32Array(this.offsets.length)
    if (places.length === 0) return places
    for (let i = 0; i < places.length; i++) places[i] = i
    await this.#sort(places, 0)
    const clears = this.clears.length === 0 ? null : new Clears(this.clears)
    let count = 0
    await inSteps(places.length, STEP, (from, to) => {
      for (let i = from; i < to; i++) {
        const place = places[i] as number
        if (place === NONE || clears?.cover(this.#key(place), place)) continue
        places[count++] = place
      }
    })
    return places.subarray(0, count)
  }

  #key(place: number): Uint8Array {
    const offset = this.offsets[place] as number
    return this.#bytes.subarray(keyOf(offset), keyEndOf(this.#bytes, offset))
  }

  /** Sorts changes whose keys are the same before byte `depth`. */
  async #sort(places: Uint32Array, depth: number): Promise<void> {
    let shared = this.#keyLength(places[0] as number)
    await inSteps(places.length, STEP, (from, to) => {
      for (let i = from; i < to && shared > depth; i++) shared = this.#shared(places, i, depth, shared)
    })
    const numbers = new Uint32Array(places.length * 2)
    await inSteps(places.length, STEP, (from, to) => {
      for (let i = from; i < to; i++) this.#compose(places[i] as number, shared, numbers, i * 2)
    })
    await sortNumbers(numbers)
    const large: Uint32Array[] = []
    await inSteps(places.length, STEP, (from, to) => {
      for (let i = from; i < to; i++) places[i] = (numbers[i * 2 + LOW] as number) & PLACE
    })
    await inSteps(places.length, STEP, (from, to) => {
      for (let i = from; i < to; i++) {
        if (isTied(numbers, i)) continue
        let end = i + 1
        while (end < places.length && isTied(numbers, end)) end++
        if (end === i + 1) continue
        const tied = places.subarray(i, end)
        const left = ((numbers[i * 2 + LOW] as number) >>> PLACE_BITS) & LEFT
        // The keys have ended: they are the same, and the changes are in their order.
        if (left <= COMPARED) tied.fill(NONE, 0, -1)
        else if (tied.length <= FEW) this.#sortFew(tied, shared + COMPARED)
        else large.push(tied)
      }
    })
    for (const tied of large) await this.#sort(tied, shared + COMPARED)
  }

  #keyLength(place: number): number {
    const offset = this.offsets[place] as number
    return keyEndOf(this.#bytes, offset) - keyOf(offset)
  }

  /** Up to which byte the key of change `i` is the same as that of the first: from `depth` on, and at most up to `most`. */
  #shared(places: Uint32Array, i: number, depth: number, most: number): number {
    const bytes = this.#bytes
    const place = places[i] as number
    const first = keyOf(this.offsets[places[0] as number] as number)
    const key = keyOf(this.offsets[place] as number)
    const end = Math.min(most, this.#keyLength(place))
    let shared = depth
    while (shared < end && bytes[key + shared] === bytes[first + shared]) shared++
    return shared
  }

  /** Makes a number of 64 bits that sorts as the change does: the next bytes of the key, how many it has left, and the place. */
  #compose(place: number, from: number, words: Uint32Array, o: number): void {
    const bytes = this.#bytes
    const offset = this.offsets[place] as number
    const key = keyOf(offset) + from
    const left = keyEndOf(bytes, offset) - key
    let high = 0
    for (let i = 0; i < 4; i++) high = (high << 8) | (i < left ? (bytes[key + i] as number) : 0)
    words[o + HIGH] = high
    const last = left > 4 ? (bytes[key + 4] as number) : 0
    words[o + LOW] = (((last << LEFT_BITS) | Math.min(left, COMPARED + 1)) << PLACE_BITS) | place
  }

  /** Sorts changes whose keys are the same before byte `from` by insertion, each behind those that came before it. */
  #sortFew(places: Uint32Array, from: number): void {
    for (let i = 1; i < places.length; i++) {
      const place = places[i] as number
      let at = i
      while (at > 0 && this.#compare(places[at - 1] as number, place, from) > 0) {
        places[at] = places[at - 1] as number
        at--
      }
      places[at] = place
    }
    for (let i = 1; i < places.length; i++) {
      if (this.#compare(places[i - 1] as number, places[i] as number, from) === 0) places[i - 1] = NONE
    }
  }

  /** How the keys of two changes compare that are the same before byte `from`. */
  #compare(one: number, other: number, from: number): number {
    const bytes = this.#bytes
    const a = this.offsets[one] as number
    const b = this.offsets[other] as number
    const end = keyEndOf(bytes, a)
    const otherEnd = keyEndOf(bytes, b)
    let i = keyOf(a) + from
    let j = keyOf(b) + from
    while (i < end && j < otherEnd && bytes[i] === bytes[j]) {
      i++
      j++
    }
    if (i < end && j < otherEnd) return (bytes[i] as number) - (bytes[j] as number)
    return end - i - (otherEnd - j)
  }
}

/** Whether number `i` is the same as the one before, places left out. */
function isTied(numbers: Uint32Array, i: number): boolean {
  const at = i * 2
  return (
    i > 0 &&
    numbers[at + HIGH] === numbers[at - 2 + HIGH] &&
    (numbers[at + LOW] as number) >>> PLACE_BITS === (numbers[at - 2 + LOW] as number) >>> PLACE_BITS
  )
}

/** Sorts numbers of 64 bits, natively, and in parts if there are many. */
async function sortNumbers(numbers: Uint32Array): Promise<void> {
  const count = numbers.length / 2
  if (count <= PART) {
    new BigUint64Array(numbers.buffer, numbers.byteOffset, count).sort()
    await nextTurn()
    return
  }
  const lower = numbers.slice(0, (count >>> 1) * 2)
  const upper = numbers.subarray(lower.length)
  await sortNumbers(lower)
  await sortNumbers(upper)
  let [i, j] = [0, 0]
  // What is merged never reaches the numbers of the upper half that are still to be merged.
  await inSteps(numbers.length, STEP * 2, (from, to) => {
    for (let o = from; o < to && i < lower.length; o += 2) {
      const isUpper = j < upper.length && isBefore(upper, j, lower, i)
      numbers[o] = (isUpper ? upper[j] : lower[i]) as number
      numbers[o + 1] = (isUpper ? upper[j + 1] : lower[i + 1]) as number
      if (isUpper) j += 2
      else i += 2
    }
  })
}

function isBefore(a: Uint32Array, i: number, b: Uint32Array, j: number): boolean {
  const difference = (a[i + HIGH] as number) - (b[j + HIGH] as number)
  return difference === 0 ? (a[i + LOW] as number) < (b[j + LOW] as number) : difference < 0
}
