// Where a store is, and when the machine started. With both, a store can be distinguished from a copy of it.
import { readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'

/** The file or directory that a store is in. Numbers are strings, because inodes have 64 bits. */
export interface Place {
  readonly inode: string
  /** Its birth time, in nanoseconds since 1970; `'0'` if the file system does not keep that. On Linux, no copy has the same. */
  readonly born: string
  /** The modification time of a file that is never written; `null` for other files. Most programs that restore a file change it. */
  readonly modified: string | null
  /** The number of the file system. It may change when the machine restarts. */
  readonly device: string
}

/** The file that identifies the place of a store. */
export interface PlaceFile {
  readonly path: string
  /** Whether it is never written after its creation. */
  readonly isConstant: boolean
}

/** Returns the place of a file; `null` if it cannot be read. */
export async function placeOf({ path, isConstant }: PlaceFile): Promise<Place | null> {
  try {
    const { ino, birthtimeNs, mtimeNs, dev } = await stat(path, { bigint: true })
    const modified = isConstant ? String(mtimeNs) : null
    return { inode: String(ino), born: String(birthtimeNs), modified, device: String(dev) }
  } catch {
    return null
  }
}

/** How much two estimates of one start of the machine may differ, in milliseconds. A restart takes longer. */
const SLACK = 10_000

/** Identifies the current start of the machine: an id on Linux, elsewhere its time in milliseconds; `null` if that is not known. */
export function currentBoot(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    // Bare has no `process`, and Bun only a part of it.
    const os = globalThis.process?.getBuiltinModule?.('node:os')
    return os === undefined ? null : String(Math.round(Date.now() - os.uptime() * 1000))
  }
}

/** Whether both are the same start of the machine, so that no write between them was lost. */
export function isSameBoot(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return false
  return one === other || Math.abs(Number(one) - Number(other)) < SLACK
}
