// One process at a time, for what two must not do at once.

import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Calls `use` unless another process of this machine does the same under this name: then throws what `refusal` makes. A file in the
 * temporary directory is locked meanwhile. Where there can be none, `use` is called all the same.
 *
 * @param name letters and digits
 */
export async function whileAlone<T>(name: string, refusal: () => Error, use: () => Promise<T>): Promise<T> {
  const { O_CREAT, O_RDWR, O_NOFOLLOW = 0 } = constants
  const file = await open(join(tmpdir(), `coreyard-${name}.lock`), O_CREAT | O_RDWR | O_NOFOLLOW).catch(
    () => null,
  )
  if (file === null) return use()
  try {
    const { default: locks } = await import('fs-native-extensions')
    if (!locks.tryLock(file.fd)) throw refusal()
    return await use()
  } finally {
    await file.close()
  }
}
