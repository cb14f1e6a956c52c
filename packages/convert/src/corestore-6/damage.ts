// The errors for damaged files of a Corestore 6. Each names the file and the offset.
import { StorageError } from '@coreyard/storage'

/** @param what is wrong there: the end of the message */
export function damaged(file: string, offset: number, what: string): StorageError {
  return new StorageError(
    'STORAGE_CORRUPT',
    `${file} is damaged at offset ${offset}: ${what}. Put back a copy of it; nothing has been changed in it`,
    null,
  )
}
