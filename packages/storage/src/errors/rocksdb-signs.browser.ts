// In a browser: no error is one of RocksDB.

import type { Sign } from './sign.js'

export const ROCKSDB_SIGNS: readonly Sign[] = []
