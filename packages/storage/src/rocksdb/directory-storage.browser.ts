// See directory-gate.browser.ts.

export { NoDirectory as DirectoryStorage } from './directory-gate.browser.js'
