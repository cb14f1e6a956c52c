// Runs work in one process of a machine at a time.

import { constants } from 'node:fs'
import { type FileHandle, open, stat, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Calls `use` unless another process of this machine does the same under this name: then throws what `refusal` makes. A file in the
 * temporary directory is locked meanwhile. Where that file cannot be made, `use` is called all the same.
 *
 * @param name a part of a file name
 */
export async function whileAlone<T>(name: string, refusal: () => Error, use: () => Promise<T>): Promise<T> {
  const path = join(tmpdir(), `coreyard-${name}.lock`)
  const file = await lockedFile(path, refusal)
  if (file === null) return use()
  try {
    return await use()
  } finally {
    // It is still locked, so that no other process has locked a file of this name.
    await unlink(path).catch(() => {}) // it is gone already
    await file.close()
  }
}

/** The file of a path, made and locked; `null` if it cannot be made. */
async function lockedFile(path: string, refusal: () => Error): Promise<FileHandle | null> {
  const { O_CREAT, O_RDWR, O_NOFOLLOW = 0 } = constants
  const { default: locks } = await import('fs-native-extensions')
  for (;;) {
    const file = await open(path, O_CREAT | O_RDWR | O_NOFOLLOW).catch(() => null)
    if (file === null) return null
    const isLocked = locks.tryLock(file.fd)
    if (isLocked && (await isAt(path, file))) return file
    await file.close()
    if (!isLocked) throw refusal()
  }
}

/** Whether a file has not been removed since it was opened, by the process that had locked it. */
async function isAt(path: string, file: FileHandle): Promise<boolean> {
  const [found, { dev, ino }] = await Promise.all([stat(path).catch(() => null), file.stat()])
  return found?.dev === dev && found.ino === ino
}
