// How an error of a storage is recognised. Types only.

import type { StorageErrorCode } from './storage-error.js'

export interface Sign {
  readonly code: StorageErrorCode
  /** Matches the code and the message of such an error, without the directory and the file concerned. */
  readonly text: RegExp
  /** The message after the name of the storage: what is wrong, and what would be right. */
  readonly says: string
}
