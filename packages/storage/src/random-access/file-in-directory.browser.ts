// See ../rocksdb/directory-gate.browser.ts.

export { NoDirectory as FileInDirectory } from '../argument/directory-path.browser.js'
