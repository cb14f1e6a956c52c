// What a store must not exceed in a soak.

import { median } from '../statistics.js'
import type { Minute } from './figures.js'

const MB = 2 ** 20

/** Bytes of the process of the store. */
const MOST_RSS = 512 * MB
/** Requests that are looked up, over all streams. */
const MOST_ASKS = 1024
/** Requests that wait for capacity: `maxAsks` of a few streams. */
const MOST_WAITING = 20_000
/** Channels: every core for each of the streams that mirror them all. */
const MOST_CHANNELS = 20_000
/** More than the attackers keep at a time. */
const MOST_STREAMS = 400
const MOST_HANDLES = 1000
/** Milliseconds. A machine that does something else in addition stops a process for as long. */
const MOST_STALL = 2000
/** Milliseconds for 99 of 100 asks, on a machine that does something else in addition. */
const MOST_ASK = 10_000
/** Minutes after which memory is compared, and of which. */
const WARM = 5
/** How much memory may grow after that. */
const MOST_GROWTH = { factor: 1.4, bytes: 32 * MB }

/** Which bounds a minute breaks, in words. */
export function brokenIn({ store, peers, writtenBefore }: Minute): string[] {
  const checks: [string, number, number][] = [
    ['bytes of memory (RSS)', store.rss, MOST_RSS],
    ['open cores', store.openCores, store.mostCores],
    ['requests that are looked up', store.asks, MOST_ASKS],
    ['requests that wait', store.waiting, MOST_WAITING],
    ['channels', store.channels, MOST_CHANNELS],
    ['streams', store.streams, MOST_STREAMS],
    ['handles', store.handles, MOST_HANDLES],
    ['milliseconds that the event loop stopped', store.stall, MOST_STALL],
    ['milliseconds of an ask (p99)', quantile(peers.asked, 0.99), MOST_ASK],
    ['wrong blocks', store.wrong, 0],
  ]
  const broken = checks.flatMap(([what, value, most]) =>
    value > most ? [`${Math.round(value)} ${what}: at most ${most}`] : [],
  )
  if (peers.asked.length === 0) broken.push('no ask of the honest peer was answered')
  if (peers.failed.length > 0) broken.push(`an ask of the honest peer failed: ${peers.failed[0]}`)
  if (store.followed < writtenBefore) {
    broken.push(
      `${store.followed} blocks of the honest peer arrived: it had written ${writtenBefore} a minute before`,
    )
  }
  return broken
}

/** Which bounds all minutes of one engine break together, in words. */
export function brokenOverAll(minutes: readonly Minute[]): string[] {
  const early = minutes.slice(WARM, 2 * WARM)
  const late = minutes.slice(-WARM)
  if (minutes.length < 3 * WARM) return []
  const [before, after] = [early, late].map((some) => median(some.map(({ store }) => store.rss)))
  const most = (before ?? 0) * MOST_GROWTH.factor + MOST_GROWTH.bytes
  return (after ?? 0) > most ? [`memory (RSS) grew from ${before} to ${after} bytes`] : []
}

/** The value that so large a part of the values does not exceed; 0 of none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0
}
