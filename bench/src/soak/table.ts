// What a soak prints: a line for each minute of each engine.

import { amount } from '../format.js'
import { quantile } from './bounds.js'
import type { Minute } from './figures.js'

const HEAD = [
  'engine',
  'minute',
  'RSS',
  'heap',
  'cores',
  'asks',
  'waiting',
  'channels',
  'streams',
  'handles',
  'stall',
  'ask p50',
  'ask p99',
  'asked',
  'attacks',
  'followed',
  'refused',
]
const WIDTHS = [8, 6, 8, 8, 5, 5, 7, 8, 7, 7, 8, 8, 8, 5, 7, 8, 7]

/** The first line. */
export function head(): string {
  return line(HEAD)
}

/** The line of a minute. */
export function rowOf({ engine, minute, store, peers }: Minute): string {
  const time = (milliseconds: number) => amount(milliseconds * 1000, 'time')
  const cells = [
    engine,
    minute,
    amount(store.rss, 'bytes'),
    amount(store.heap, 'bytes'),
    store.openCores,
    store.asks,
    store.waiting,
    store.channels,
    store.streams,
    store.handles,
    time(store.stall),
    time(quantile(peers.asked, 0.5)),
    time(quantile(peers.asked, 0.99)),
    peers.asked.length,
    Object.values(peers.attacks).reduce((sum, count) => sum + count, 0),
    store.followed,
    store.refused,
  ]
  return line(cells)
}

function line(cells: readonly (string | number)[]): string {
  return cells.map((cell, column) => String(cell).padStart(WIDTHS[column] ?? 0)).join('  ')
}
