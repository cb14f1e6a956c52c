// Finds out whether the cores of a store may be older than those of their peers, which is so after a power cut and in a copy. Then a writer
// must ask the peers first. The store keeps a mark for this (open-mark.ts), so a copy of the store has the mark as well.
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

/** At least this many sessions are kept, and less than twice as many: most copies are opened soon after they were made. */
const PAST = 500
/**
 * The sessions of this process that were closed, and those after which the store was opened again. A store whose mark names such a
 * session is an older copy. This works for storages without a place, too.
 */
const past = new Xache<string, 'closed' | 'continued'>({ maxSize: PAST })

/** Returns a new name for a session. All names have the same length, so that the size of a write does not depend on their number. */
export function nameSession(): string {
  return `${PROCESS}-${String(sessions++).padStart(12, '0')}`
}

export class Continuity {
  readonly #storage: CorestoreStorage
  readonly #file: PlaceFile | null
  #mark: OpenMark | null = null

  /** @param file the file that identifies the place; `null` if there is none */
  constructor(storage: CorestoreStorage, file: PlaceFile | null) {
    this.#storage = storage
    this.#file = file
  }

  /** Whether the store is a copy. The original may have created cores that the copy lacks. */
  get isCopy(): boolean {
    return this.#mark?.isCopy === true
  }

  /** Whether any core may be in doubt. */
  get isInDoubt(): boolean {
    return this.isCopy || (this.#mark?.doubts.length ?? 0) > 0
  }

  /** Call it when the storage has opened, before its cores are written. It compares the mark with this opening, and writes a new mark. */
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

  /** Call it after the last write, before the storage closes. Without it, or if it fails, the store counts as not closed. */
  async end(): Promise<void> {
    if (this.#mark === null) return
    try {
      await this.#write({ ...this.#mark, state: 'closed' })
      past.set(this.#mark.session, 'closed')
    } catch {
      // Closing the storage reports it, or an earlier write has reported it.
    }
  }

  /** Why a stored core is in doubt; `null` if it is not. */
  async doubtOf(corePointer: number): Promise<Doubt | null> {
    const doubts = this.#mark?.doubts.filter(({ below }) => corePointer < below) ?? []
    if (doubts.length === 0) return null
    const settled = await readSettled(this.#storage, corePointer)
    const left = doubts.filter(({ number }) => number > settled).map(({ doubt }) => doubt)
    return left.find((doubt) => doubt === 'strict') ?? left[0] ?? null
  }

  /** Call it when a core has asked its peers: it is no longer in doubt. */
  async settle(corePointer: number): Promise<void> {
    const last = this.#mark?.doubts.at(-1)
    if (last !== undefined && corePointer < last.below) {
      await writeSettled(this.#storage, corePointer, last.number)
    }
  }

  /** Ends all doubt. The caller asserts that no peer has newer blocks. */
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
    // The new doubt concerns all cores that earlier doubts of the same or a weaker kind concern.
    const kept = doubt === 'strict' ? [] : doubts.filter((older) => older.doubt === 'strict')
    return [...kept, { number, doubt, below }]
  }

  async #write(mark: OpenMark): Promise<void> {
    this.#mark = mark
    await writeMark(this.#storage, mark)
  }
}

/** Compares the mark that the store was left with to this opening. */
function doubtOf(left: OpenMark, here: Pick<OpenMark, 'boot' | 'place'>): Doubt | null {
  const isSame = isSameBoot(left.boot, here.boot)
  const known = past.get(left.session)
  const isOlder = known === 'continued' || (known === 'closed' && left.state === 'open')
  if (left.place !== null && here.place !== null) {
    const place = comparePlaces(left.place, here.place, isSame)
    if (place === 'other' || isOlder) return 'strict'
    if (place === 'unsure') return 'ask'
    // Nothing is lost when a process ends, but writes may be lost when the machine ends.
    return left.state === 'closed' || isSame ? null : 'ask'
  }
  return left.place !== null || left.state === 'open' || isOlder ? 'ask' : null
}

function comparePlaces(left: Place, here: Place, isSameBoot: boolean): 'same' | 'other' | 'unsure' {
  const isKnown = left.born !== '0' && here.born !== '0'
  if (isKnown && left.born !== here.born) return 'other'
  // Some file systems give a file another inode number at each mount. Some programs give a copy the birth time of its original.
  if (left.inode !== here.inode) return 'unsure'
  if ((left.modified ?? null) !== here.modified) return 'unsure'
  return isSameBoot && left.device !== here.device ? 'unsure' : 'same'
}
