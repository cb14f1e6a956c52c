// See directory-gate.browser.ts.

export { NoDirectory as DirectoryStorage } from '../argument/directory-path.browser.js'
