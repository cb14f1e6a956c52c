// Whether a store continues where it was left. After a power cut, or in a copy, its cores may be older than their peers have them. A
// writer must ask the peers first. The store itself keeps what is known of this (open-mark.ts), so a copy of the store has it, too.
import { schema } from '@coreyard/hypercore-port/storage'
import type { CorestoreStorage } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import crypto from 'hypercore-crypto'
import Xache from 'xache'
import { readHead } from '../records/store-head.js'
import {
  type Doubt,
  type Doubted,
  type OpenMark,
  readMark,
  readSettled,
  writeMark,
  writeSettled,
} from './open-mark.js'
import { currentBoot, isSameBoot, type Place, type PlaceFile, placeOf } from './place.js'

const PROCESS = b4a.toString(crypto.randomBytes(8), 'hex')
let sessions = 0

/** How many sessions are kept at least, and less than twice as many at most: copies are opened soon, if at all. */
const PAST = 500
/**
 * The sessions of this process that were closed, and those after which a store was opened again. A store that finds itself in such a
 * session, or right after it, is an older copy, also where no place tells.
 */
const past = new Xache<string, 'closed' | 'continued'>({ maxSize: PAST })

/** A new name for a session. All have the same length, so that no write depends on how many there were. */
export function nameSession(): string {
  return `${PROCESS}-${String(sessions++).padStart(12, '0')}`
}

export class Continuity {
  readonly #storage: CorestoreStorage
  readonly #file: PlaceFile | null
  #mark: OpenMark | null = null

  /** @param file by which the place is known; `null` if there is none */
  constructor(storage: CorestoreStorage, file: PlaceFile | null) {
    this.#storage = storage
    this.#file = file
  }

  /** Whether the store is a copy. The original may have made cores that the copy lacks. */
  get isCopy(): boolean {
    return this.#mark?.isCopy === true
  }

  /** Whether any core may be in doubt. */
  get isInDoubt(): boolean {
    return this.isCopy || (this.#mark?.doubts.length ?? 0) > 0
  }

  /** The storage has opened, and its cores are going to be written. */
  async begin(): Promise<void> {
    const place = this.#file === null ? null : await placeOf(this.#file)
    const boot = place === null ? null : currentBoot()
    const last = await readMark(this.#storage)
    const here = { version: 1, state: 'open', session: nameSession(), boot, place } as const
    const doubt = last === null ? null : doubtOf(last, here)
    if (last !== null) past.set(last.session, 'continued')
    const isCopy = last?.isCopy === true || doubt === 'strict'
    const doubts = doubt === null ? (last?.doubts ?? []) : await this.#added(last?.doubts ?? [], doubt)
    await this.#write({ ...here, isCopy, doubts })
  }

  /** All is written, and the storage is going to be closed. Without it, or if it fails, the store counts as one that was not closed. */
  async end(): Promise<void> {
    if (this.#mark === null) return
    try {
      await this.#write({ ...this.#mark, state: 'closed' })
      past.set(this.#mark.session, 'closed')
    } catch {
      // Closing the storage reports it, or an earlier write has reported it.
    }
  }

  /** What is in doubt of a stored core; `null` if nothing is. */
  async doubtOf(corePointer: number): Promise<Doubt | null> {
    const doubts = this.#mark?.doubts.filter(({ below }) => corePointer < below) ?? []
    if (doubts.length === 0) return null
    const settled = await readSettled(this.#storage, corePointer)
    const left = doubts.filter(({ number }) => number > settled).map(({ doubt }) => doubt)
    return left.find((doubt) => doubt === 'strict') ?? left[0] ?? null
  }

  /** A core is no longer in doubt: its peers have been asked. */
  async settle(corePointer: number): Promise<void> {
    const last = this.#mark?.doubts.at(-1)
    if (last !== undefined && corePointer < last.below) {
      await writeSettled(this.#storage, corePointer, last.number)
    }
  }

  /** Ends all doubt: the caller says that no peer has more. */
  async trust(): Promise<void> {
    const mark = this.#mark
    if (mark !== null && (mark.isCopy || mark.doubts.length > 0)) {
      await this.#write({ ...mark, isCopy: false, doubts: [] })
    }
  }

  async #added(doubts: readonly Doubted[], doubt: Doubt): Promise<readonly Doubted[]> {
    const head = await readHead(this.#storage.db)
    const below = head === null ? 0 : schema.decode('@corestore/head', head).cores
    const number = (doubts.at(-1)?.number ?? 0) + 1
    // Those of a lesser or the same kind concern cores that this one concerns, too.
    const kept = doubt === 'strict' ? [] : doubts.filter((older) => older.doubt === 'strict')
    return [...kept, { number, doubt, below }]
  }

  async #write(mark: OpenMark): Promise<void> {
    this.#mark = mark
    await writeMark(this.#storage, mark)
  }
}

/** What is in doubt of a store that is opened here, by the mark that it was left with. */
function doubtOf(left: OpenMark, here: Pick<OpenMark, 'boot' | 'place'>): Doubt | null {
  const isSame = isSameBoot(left.boot, here.boot)
  const known = past.get(left.session)
  const isOlder = known === 'continued' || (known === 'closed' && left.state === 'open')
  if (left.place !== null && here.place !== null) {
    const place = comparePlaces(left.place, here.place, isSame)
    if (place === 'other' || isOlder) return 'strict'
    if (place === 'unsure') return 'ask'
    // The end of a process loses nothing, the end of the machine may.
    return left.state === 'closed' || isSame ? null : 'ask'
  }
  return left.place !== null || left.state === 'open' || isOlder ? 'ask' : null
}

function comparePlaces(left: Place, here: Place, isSameBoot: boolean): 'same' | 'other' | 'unsure' {
  const isKnown = left.born !== '0' && here.born !== '0'
  if (isKnown && left.born !== here.born) return 'other'
  // Some file systems give a file another number each time. Some programs give a copy the birth time of its original.
  if (left.inode !== here.inode) return 'unsure'
  if ((left.modified ?? null) !== here.modified) return 'unsure'
  return isSameBoot && left.device !== here.device ? 'unsure' : 'same'
}
