// In a browser there is no RocksDB. See ../rocksdb/directory-gate.browser.ts.

export { NoDirectory as NativeDatabase } from '../argument/directory-path.browser.js'
