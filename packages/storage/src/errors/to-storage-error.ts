// Converts errors of RocksDB, random-access-kv, device-file, fd-lock and the file system to a StorageError. Errors of random-access-kv have
// a code. Most errors of RocksDB have the code EIO, so they are recognised by their text: that of rocksdb-native 3.18, device-file 2.3 and
// fd-lock 2.2. The tests of this package provoke most of them.
import { CoreyardError } from '@coreyard/random-access-kv'
import { DIRECTORY_SIGNS, ROCKSDB_SIGNS } from './directory-signs.js'
import type { Sign } from './sign.js'
import { nameOf, StorageError } from './storage-error.js'

// The first that matches counts.
const SIGNS: readonly Sign[] = [
  {
    code: 'STORAGE_CORRUPT',
    text: /^KV_DAMAGED /,
    says: 'is damaged: put back a backup of it, or choose another storage',
  },
  {
    code: 'STORAGE_CONFLICT',
    text: /^KV_NOT_A_STORE /,
    says: 'holds something that is no store: choose another storage',
  },
  {
    code: 'STORAGE_VERSION',
    text: /^KV_FORMAT_VERSION /,
    says: 'was written by another version, which this one cannot read: update this one',
  },
  {
    code: 'STORAGE_CHANGED',
    text: /^KV_REOPEN /,
    says: 'was opened by another store while this one was suspended: close this one and open it again',
  },
  {
    code: 'STORAGE_NO_STORE',
    text: /^KV_NO_STORE /,
    says: 'holds no store: open it for writing first',
  },
  {
    code: 'READ_ONLY',
    text: /^KV_READ_ONLY /,
    says: 'is open read-only: open it for writing',
  },
  {
    code: 'STORAGE_CLOSED',
    text: /^KV_CLOSED /,
    says: 'has been closed: open a new store to go on',
  },
  {
    code: 'STORAGE_LOCKED',
    text: /^KV_LOCKED |^ELOCKED |could not be locked|While lock file|lock hold by current process/,
    says:
      'is open in another store, of this process or of another one: close that one first, ' +
      'or use { wait: true } to wait until it has closed',
  },
  {
    code: 'STORAGE_FULL',
    text: /ENOSPC|EDQUOT|EFBIG|No space left on device|Disk quota exceeded|File too large/,
    says:
      'is on a disk that is full, or at the limit of a file or quota: free some space there, ' +
      'and open it again if it goes on failing',
  },
  ...ROCKSDB_SIGNS,
  {
    code: 'STORAGE_CORRUPT',
    text: /corrupt|checksum mismatch|table magic|file size mismatch|CURRENT file|existing log file|While open.*No such file/i,
    says: 'is damaged: put back a backup of it, or choose another directory',
  },
  ...DIRECTORY_SIGNS,
]

const UNKNOWN = { code: 'STORAGE_FAILED', says: 'failed' } as const

/**
 * Converts an error of a storage to a {@link StorageError}. A `StorageError` is returned unchanged. Errors of reads reach the caller
 * through Hypercore unchanged, so convert those, too.
 *
 * @param directory the storage's directory, for the message; `null` if it has none
 */
export function toStorageError(error: unknown, directory: string | null): StorageError {
  if (error instanceof StorageError) return error
  const reason = reasonOf(error)
  // A path that the user chose must not match a sign.
  const names = [pathOf(error), directory].filter((name) => name !== null)
  const text = `${codeOf(error)} ${names.reduce((rest, name) => rest.replaceAll(name, ''), reason)}`
  const sign = SIGNS.find((candidate) => candidate.text.test(text)) ?? UNKNOWN
  return new StorageError(sign.code, `${nameOf(directory)} ${sign.says} (${reason})`, directory, {
    cause: error,
  })
}

/** RocksDB's error for a batch only says that it was not applied. Its `cause` says why. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : CoreyardError.describe(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** The path that Node.js adds to an error. For a storage without a directory it is the only path in the message. */
function pathOf(error: unknown): string | null {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : null
}
