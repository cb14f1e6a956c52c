// In a browser there is no RocksDB. See directory-gate.browser.ts.

export { NoDirectory as NativeDatabase } from '../rocksdb/directory-gate.browser.js'
