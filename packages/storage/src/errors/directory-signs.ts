// The errors that only a directory has: those of the file system, of rocksdb-native 3.18 and of device-file 2.3.

import type { Sign } from './sign.js'

/** Of RocksDB and its device file. */
export const ROCKSDB_SIGNS: readonly Sign[] = [
  {
    code: 'STORAGE_CONFLICT',
    text: /^DEVICE_FILE .*\bid has changed/,
    says: 'was made with another id: use that one, or another directory',
  },
  {
    code: 'STORAGE_CONFLICT',
    text: /Column families not opened/,
    says: 'holds the database of another program: choose another directory',
  },
  {
    code: 'STORAGE_CHANGED',
    text: /Session ID does not match/,
    says: 'was opened by another store while this one was suspended: close this one and open it again',
  },
  {
    code: 'STORAGE_MOVED',
    text: /^DEVICE_FILE Invalid device file/,
    says:
      'was copied or moved since it was made: open the original. If no other copy will ever be written again, open this one with ' +
      '{ allowBackup: true } each time, or make a store of it in a new directory, with coreyard backup or ' +
      'convert(from, to, { from: { allowBackup: true } }) of @coreyard/convert',
  },
  {
    code: 'STORAGE_NO_STORE',
    text: /Column family not found/,
    says: 'holds no store: open it for writing first',
  },
  {
    code: 'READ_ONLY',
    text: /in read only mode/,
    says: 'is open read-only: open it for writing',
  },
]

/** Of a path that cannot be a directory which is written. What matches another sign, too, is that. */
export const DIRECTORY_SIGNS: readonly Sign[] = [
  {
    code: 'STORAGE_NOT_WRITABLE',
    text: /ENOTDIR|EEXIST/,
    says: 'is a file, or lies below one: give the path of a directory',
  },
  {
    code: 'STORAGE_NOT_WRITABLE',
    text: /EACCES|EPERM|EROFS|EISDIR|ENOENT|ENAMETOOLONG|ELOOP|Permission denied|Read-only file system|Is a directory/,
    says:
      'cannot be used as a directory that is written: choose another one, ' +
      'or use { readOnly: true } to read a store that is there',
  },
]
