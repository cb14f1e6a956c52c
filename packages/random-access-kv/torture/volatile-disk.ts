// A disk with a cache: what was written, what of it is safe, and what may be left when the power goes.

import { Bytes } from '../src/test/index.js'

const SECTOR = 512

/** A state that a sector had since the last sync. */
interface Version {
  /** The number of the call that made it. */
  readonly call: number
  readonly data: Uint8Array
}

interface Truncation {
  readonly call: number
  readonly size: number
}

/** What is left of the sectors that no sync has made safe. */
export const SHAPES = [
  'sectors',
  'none',
  'all',
  'one sector lost',
  'one sector there',
  'one call lost',
  'one call there',
  'calls',
  'first calls',
  'last calls',
  'front of the file',
  'end of the file',
] as const
export type Shape = (typeof SHAPES)[number]

type Draw = () => number
/** Which version of a sector is left, -1 for what was safe. */
type Choice = (versions: readonly Version[], sector: number) => number

export class VolatileDisk {
  readonly cache: Bytes
  readonly #disk: Bytes
  readonly #versions = new Map<number, Version[]>()
  #truncations: Truncation[] = []

  constructor(content: Uint8Array) {
    this.cache = Bytes.from(content)
    this.#disk = Bytes.from(content)
  }

  /** Whether something was written that is not safe. */
  get isDirty(): boolean {
    return this.#versions.size > 0 || this.#truncations.length > 0
  }

  write(offset: number, data: Uint8Array, call: number): void {
    if (data.length === 0) return
    this.cache.write(offset, data)
    for (const sector of sectors(offset, data.length)) {
      const version = { call, data: this.#sector(sector) }
      const versions = this.#versions.get(sector)
      if (versions === undefined) this.#versions.set(sector, [version])
      else versions.push(version)
    }
  }

  /** Writes, lets somebody look, and takes it back. */
  withWritten(offset: number, data: Uint8Array, call: number, look: () => void): void {
    const { length } = this.cache
    const before = this.cache.read(offset, Math.min(data.length, length - offset))
    this.write(offset, data, call)
    look()
    if (data.length === 0) return
    this.cache.truncate(length)
    if (before !== null) this.cache.write(offset, before)
    for (const sector of sectors(offset, data.length)) {
      const versions = this.#versions.get(sector) as Version[]
      if (versions.length === 1) this.#versions.delete(sector)
      else versions.pop()
    }
  }

  truncate(size: number, call: number): void {
    this.cache.truncate(size)
    this.#truncations.push({ call, size })
  }

  /** Makes safe what calls before `call` have done. */
  sync(call: number): void {
    const cuts = this.#truncations.filter((truncation) => truncation.call < call)
    this.#truncations = this.#truncations.slice(cuts.length)
    cutOff(this.#disk, cuts)
    for (const [sector, versions] of this.#versions) {
      const last = versions.findLastIndex((version) => version.call < call)
      const version = versions[last]
      if (version !== undefined && !isCutOff(sector, version, cuts)) {
        this.#disk.write(sector * SECTOR, version.data)
      }
      if (last === versions.length - 1) this.#versions.delete(sector)
      else versions.splice(0, last + 1)
    }
  }

  /**
   * A sync fails, and what it should have made safe is there or not, and is not tried again. The cache forgets it, too, if `evicts`:
   * what is read from then on is what the disk has.
   */
  forget(draw: Draw, evicts: boolean): void {
    const left = this.survivors('sectors', draw)
    // The length of the file is not forgotten.
    if (left.length < this.cache.length) left.write(this.cache.length, new Uint8Array(0))
    this.#versions.clear()
    this.#truncations = []
    this.#disk.assign(left.view())
    if (evicts) this.cache.assign(left.view())
  }

  /** The cache gives up what it could read again: what the disk has forgotten is forgotten here, too. */
  evict(): void {
    const { length } = this.cache
    this.cache.assign(this.survivors('all', () => 0).view())
    if (this.cache.length < length) this.cache.truncate(length)
  }

  /**
   * What the disk holds when the power comes back.
   *
   * @param left takes it
   */
  survivors(shape: Shape, draw: Draw, left = new Bytes()): Bytes {
    const choose = this.#choice(shape, draw)
    left.assign(this.#disk.view())
    const cuts = this.#truncations.slice(0, this.#countOfCuts(shape, draw))
    cutOff(left, cuts)
    for (const [sector, versions] of this.#versions) {
      const version = versions[choose(versions, sector)]
      if (version !== undefined && !isCutOff(sector, version, cuts)) left.write(sector * SECTOR, version.data)
    }
    return left
  }

  #countOfCuts(shape: Shape, draw: Draw): number {
    if (shape === 'none') return 0
    return shape === 'all' ? this.#truncations.length : Math.floor(draw() * (this.#truncations.length + 1))
  }

  #choice(shape: Shape, draw: Draw): Choice {
    const ofSectors = [...this.#versions.keys()]
    const sector = ofSectors[Math.floor(draw() * ofSectors.length)] ?? 0
    const call = this.#someCall(draw)
    const salt = Math.floor(draw() * 0x7fff_ffff)
    switch (shape) {
      case 'none':
        return () => -1
      case 'all':
        return (versions) => versions.length - 1
      case 'one sector lost':
        return (versions, at) => (at === sector ? -1 : versions.length - 1)
      case 'one sector there':
        return (versions, at) => (at === sector ? versions.length - 1 : -1)
      case 'one call lost':
        return (versions) => versions.findLastIndex((version) => version.call !== call)
      case 'one call there':
        return (versions) => versions.findLastIndex((version) => version.call === call)
      case 'calls':
        return (versions) => versions.findLastIndex((version) => isChosen(version.call, salt))
      case 'first calls':
        return (versions) => versions.findLastIndex((version) => version.call <= call)
      case 'last calls':
        return (versions) => versions.findLastIndex((version) => version.call >= call)
      case 'front of the file':
        return (versions, at) => (at <= sector ? versions.length - 1 : -1)
      case 'end of the file':
        return (versions, at) => (at >= sector ? versions.length - 1 : -1)
      case 'sectors':
        return (versions) => Math.floor(draw() * (versions.length + 1)) - 1
    }
  }

  #someCall(draw: Draw): number {
    const calls = new Set<number>()
    for (const versions of this.#versions.values()) for (const { call } of versions) calls.add(call)
    return [...calls][Math.floor(draw() * calls.size)] ?? 0
  }

  #sector(sector: number): Uint8Array {
    const start = sector * SECTOR
    return this.cache.read(start, Math.min(SECTOR, this.cache.length - start)) ?? new Uint8Array(0)
  }
}

function* sectors(offset: number, size: number): Iterable<number> {
  for (let sector = Math.floor(offset / SECTOR); sector * SECTOR < offset + size; sector++) yield sector
}

function cutOff(bytes: Bytes, cuts: readonly Truncation[]): void {
  for (const { size } of cuts) if (size < bytes.length) bytes.truncate(size)
}

/** Whether a truncation came after this version, and took it away. */
function isCutOff(sector: number, { call }: Version, cuts: readonly Truncation[]): boolean {
  return cuts.some((cut) => cut.call > call && cut.size <= sector * SECTOR)
}

function isChosen(call: number, salt: number): boolean {
  return (Math.imul(call ^ salt, 0x9e37_79b1) >>> 16) % 2 === 0
}
