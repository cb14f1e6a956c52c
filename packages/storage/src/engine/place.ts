// Where a store is, and when the machine started. Both tell a store that continues where it was left from a copy of it.
import { readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'

/** The file or directory that a store is in. Numbers are texts: inodes have 64 bits. */
export interface Place {
  readonly inode: string
  /** When it was made, in nanoseconds since 1970; `'0'` where the file system does not keep that. No copy on Linux has the same. */
  readonly born: string
  /** When it was changed last, of a file that nothing changes; `null` of others. Most programs that restore a file do. */
  readonly modified: string | null
  /** The file system. It may have another number after each start of the machine. */
  readonly device: string
}

/** The file by which the place of a store is known. */
export interface PlaceFile {
  readonly path: string
  /** Whether it is never written once it is there. */
  readonly isConstant: boolean
}

/** `null` if there is nothing to see. */
export async function placeOf({ path, isConstant }: PlaceFile): Promise<Place | null> {
  try {
    const { ino, birthtimeNs, mtimeNs, dev } = await stat(path, { bigint: true })
    const modified = isConstant ? String(mtimeNs) : null
    return { inode: String(ino), born: String(birthtimeNs), modified, device: String(dev) }
  } catch {
    return null
  }
}

/** How far two estimates of one start may lie apart, in milliseconds. A machine takes longer to start. */
const SLACK = 10_000

/** The start of the machine that runs: an id on Linux, elsewhere its time in milliseconds; `null` if that is not known. */
export function currentBoot(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    // Bare has no `process`, and Bun a part of it.
    const os = globalThis.process?.getBuiltinModule?.('node:os')
    return os === undefined ? null : String(Math.round(Date.now() - os.uptime() * 1000))
  }
}

/** Whether two are the same start of a machine, so that all that was written between is still there. */
export function isSameBoot(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return false
  return one === other || Math.abs(Number(one) - Number(other)) < SLACK
}
