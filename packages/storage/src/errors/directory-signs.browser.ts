// In a browser: no storage is a directory.

import type { Sign } from './sign.js'

export const ROCKSDB_SIGNS: readonly Sign[] = []
export const DIRECTORY_SIGNS: readonly Sign[] = []
