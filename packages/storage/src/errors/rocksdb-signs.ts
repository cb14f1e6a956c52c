// The errors that only RocksDB and its device file have: those of rocksdb-native 3.18 and device-file 2.3.

import type { Sign } from './sign.js'

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
]
