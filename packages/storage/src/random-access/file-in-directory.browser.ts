// See ../rocksdb/directory-gate.browser.ts.

export { NoDirectory as FileInDirectory } from '../rocksdb/directory-gate.browser.js'
