// From what a recorder took down: the disks of many power cuts, and of killed processes.

import { Bytes, random } from '../src/test/index.js'
import { type Effect, type Moment, perform } from './recorder.js'
import { SHAPES, type Shape, VolatileDisk } from './volatile-disk.js'

/** A disk on which a store is opened next. */
export interface Cut {
  /** Until the next cut. */
  readonly disk: Bytes
  readonly kind: 'power cut' | 'kill'
  /** The number of the effect during which it happens, or before which. */
  readonly at: number
  /** States that may be found, by their numbers. */
  readonly from: number
  readonly end: number
  /** What happened, for whoever looks into a failure. */
  readonly what: string
}

type Draw = () => number

/** How many effects ahead calls are looked for that were under way. */
const AHEAD = 20

export interface HowOften {
  /** Power cuts at each effect, on average. */
  readonly perEffect: number
  /** How often a process is killed after an effect, from 0 to 1. */
  readonly kills: number
}

export function* cuts(
  start: Uint8Array,
  effects: readonly Effect[],
  last: Moment,
  seed: number,
  { perEffect, kills }: HowOften,
): Iterable<Cut> {
  const disk = new VolatileDisk(start)
  const left = new Bytes()
  for (let at = 0; at <= effects.length; at++) {
    const draw = random(seed + at * 7919)
    const moment = effects[at]?.moment ?? last
    for (let rest = perEffect; rest > 0 && draw() < rest; rest--)
      yield powerCut(disk, effects, at, moment, draw, left)
    if (draw() < kills) {
      left.assign(disk.cache.view())
      yield {
        disk: left,
        kind: 'kill',
        at,
        from: moment.acknowledged,
        end: moment.end,
        what: `killed before effect ${at} of ${effects.length}`,
      }
    }
    const effect = effects[at]
    if (effect !== undefined) perform(disk, effect, at)
  }
}

/** The power goes during effect `at`: it and others that were under way happen in part. */
function powerCut(
  disk: VolatileDisk,
  effects: readonly Effect[],
  at: number,
  { safe, end }: Moment,
  draw: Draw,
  left: Bytes,
): Cut {
  const shape = SHAPES[Math.floor(draw() * SHAPES.length)] as Shape
  const underWay = effects.slice(at, at + AHEAD).filter(({ issued }) => issued <= at)
  const torn = tear(underWay, disk, draw)
  const what = `power cut at effect ${at} of ${effects.length} (${effects[at]?.kind ?? 'the end'}), ${torn.length} torn, left: ${shape}`
  const write = (i: number): void => {
    const next = torn[i]
    if (next === undefined) disk.survivors(shape, draw, left)
    else disk.withWritten(next.offset, next.data, at + i, () => write(i + 1))
  }
  write(0)
  return { disk: left, kind: 'power cut', at, from: safe, end, what }
}

interface Piece {
  readonly offset: number
  readonly data: Uint8Array
}

/** What has arrived in the cache of writes that were under way. A write is torn at any byte. */
function tear(underWay: readonly Effect[], disk: VolatileDisk, draw: Draw): Piece[] {
  const pieces: Piece[] = []
  let { length } = disk.cache
  for (const [i, effect] of underWay.entries()) {
    if (effect.kind !== 'write' || (i > 0 && draw() < 0.5)) continue
    const { offset, data } = effect
    const part = draw()
    const size = part < 0.25 ? 0 : part > 0.75 ? data.length : Math.floor(draw() * data.length)
    if (size === 0 || offset > length) continue
    pieces.push({ offset, data: data.subarray(0, size) })
    length = Math.max(length, offset + size)
  }
  return pieces
}
