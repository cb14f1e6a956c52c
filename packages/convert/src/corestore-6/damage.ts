// The errors of what a Corestore 6 has stored: each names the file, and where in it.
import { StorageError } from '@coreyard/storage'

/** @param what is wrong there, after `of` and the file */
export function damaged(file: string, offset: number, what: string): StorageError {
  return new StorageError(
    'STORAGE_CORRUPT',
    `${file} is damaged at offset ${offset}: ${what}. Put back a copy of it; nothing has been changed in it`,
    null,
  )
}
