// Sorting the changes of a log by key. A memtable takes them several times faster so than as they came.

import { clearAt, endOf, isClear, keyEndOf, keyOf } from '../commit/changes.js'
import { inSteps, nextTurn } from '../event-loop.js'
import { Clears } from './clears.js'

/** Bits of a place among the changes that are sorted together. */
const PLACE_BITS = 20
/** The most changes that are sorted together. */
const MOST = 1 << PLACE_BITS
const PLACE = MOST - 1
/** Beside a place: the next change has the same key. */
const SAME = 1 << PLACE_BITS
/** Bytes of a key that are compared at once. */
const COMPARED = 5
/** Bits of how many bytes of a key are left: 0 to `COMPARED`, or more. */
const LEFT_BITS = 3
const LEFT = (1 << LEFT_BITS) - 1
/** Which half of a number of 64 bits is the lower one on this machine. */
const LOW = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 0 : 1
const HIGH = 1 - LOW
/** So few changes with the same start of their keys are sorted by insertion, unless the keys have more than so many bytes. */
const FEW = 16
const SHORT = 256
/** So many bytes are looked at first to find out how many all keys share; then twice as many, and so on. */
const WINDOW = 16
/** So many numbers are sorted in one turn of the event loop. */
const PART = 1 << 16
/** After so many steps, others may get their turn. */
const STEP = 4096

/** Changes of a log: those from an offset on, up to the end, or the most that are sorted together. */
export class Sorting {
  readonly #bytes: Uint8Array
  /** Where each change is. */
  readonly offsets: Uint32Array
  /** The offset after the last change. */
  readonly end: number

  private constructor(bytes: Uint8Array, offsets: Uint32Array, end: number) {
    this.#bytes = bytes
    this.offsets = offsets
    this.end = end
  }

  /** Finds the changes. */
  static async from(bytes: Uint8Array, start: number): Promise<Sorting> {
    let offsets = new Uint32Array(STEP)
    let count = 0
    let o = start
    while (o < bytes.length && count < MOST) {
      if (count === offsets.length) {
        const larger = new Uint32Array(count * 2)
        larger.set(offsets)
        offsets = larger
      }
      for (; o < bytes.length && count < offsets.length; count++) {
        offsets[count] = o
        o = endOf(bytes, o)
      }
      await nextTurn()
    }
    return new Sorting(bytes, offsets.subarray(0, count), o)
  }

  /** The places in `offsets` of the changes that count, in the order of their keys: the last one of each key, unless it was cleared later. */
  async places(): Promise<Uint32Array> {
    const places = new Uint32Array(this.offsets.length)
    if (places.length === 0) return places
    await inSteps(places.length, STEP, (from, to) => {
      for (let i = from; i < to; i++) places[i] = i
    })
    await this.#sort(places, 0)
    const clears = new Clears()
    let count = 0
    let last = -1
    await inSteps(places.length, STEP, (from, to) => {
      for (let i = from; i < to; i++) {
        const marked = places[i] as number
        const place = marked & PLACE
        const offset = this.offsets[place] as number
        if (isClear(this.#bytes, offset)) clears.begin({ ...clearAt(this.#bytes, offset), place })
        else last = place
        if ((marked & SAME) !== 0) continue
        if (last >= 0 && (clears.isEmpty || !clears.isAfter(this.#key(last), last))) places[count++] = last
        last = -1
      }
    })
    return places.subarray(0, count)
  }

  #key(place: number): Uint8Array {
    const offset = this.offsets[place] as number
    return this.#bytes.subarray(keyOf(offset), keyEndOf(this.#bytes, offset))
  }

  #keyLength(place: number): number {
    const offset = this.offsets[place] as number
    return keyEndOf(this.#bytes, offset) - keyOf(offset)
  }

  /** Sorts changes whose keys are the same before byte `depth`. Marks those whose key the next one has, too. */
  async #sort(places: Uint32Array, depth: number): Promise<void> {
    const shared = await this.#shared(places, depth)
    const numbers = new Uint32Array(places.length * 2)
    await inSteps(places.length, STEP, (from, to) => {
      for (let i = from; i < to; i++) this.#compose(places[i] as number, shared, numbers, i * 2)
    })
    await sortNumbers(numbers)
    await inSteps(places.length, STEP, (from, to) => {
      for (let i = from; i < to; i++) places[i] = (numbers[i * 2 + LOW] as number) & PLACE
    })
    const large: Uint32Array[] = []
    await inSteps(places.length, STEP, (from, to) => {
      for (let i = from; i < to; i++) {
        if (isTied(numbers, i)) continue
        let end = i + 1
        while (end < places.length && isTied(numbers, end)) end++
        if (end === i + 1) continue
        const tied = places.subarray(i, end)
        const left = ((numbers[i * 2 + LOW] as number) >>> PLACE_BITS) & LEFT
        // The keys have ended: they are the same, and the changes are in their order.
        if (left <= COMPARED) for (let k = i; k < end - 1; k++) places[k] = (places[k] as number) | SAME
        else if (tied.length <= FEW && this.#keyLength(tied[0] as number) <= SHORT) {
          this.#sortFew(tied, shared + COMPARED)
        } else large.push(tied)
      }
    })
    for (const tied of large) await this.#sort(tied, shared + COMPARED)
  }

  /** Up to which byte all keys are the same: at least up to `depth`. */
  async #shared(places: Uint32Array, depth: number): Promise<number> {
    const first = places[0] as number
    const length = this.#keyLength(first)
    let shared = depth
    // One window at a time: a key that ends it early may be the last one.
    for (let window = WINDOW; ; window *= 2) {
      const most = Math.min(length, shared + window)
      let end = most
      await inSteps(places.length, STEP, (from, to) => {
        for (let i = from; i < to; i++) end = this.#sameUpTo(places[i] as number, first, shared, end)
      })
      shared = end
      if (end < most || end === length) return shared
    }
  }

  /** Up to which byte two keys are the same, from `from` on, and at most up to `to`. */
  #sameUpTo(one: number, other: number, from: number, to: number): number {
    const bytes = this.#bytes
    const a = keyOf(this.offsets[one] as number)
    const b = keyOf(this.offsets[other] as number)
    const end = Math.min(to, this.#keyLength(one))
    let i = from
    while (i < end && bytes[a + i] === bytes[b + i]) i++
    return i
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
    for (let i = 0; i < places.length - 1; i++) {
      const place = places[i] as number
      if (this.#compare(place, places[i + 1] as number, from) === 0) places[i] = place | SAME
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
