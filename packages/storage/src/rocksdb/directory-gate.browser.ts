// In a browser, `absoluteDirectory` keeps the engine from using it.

export { NoDirectory as DirectoryGate } from '../argument/directory-path.browser.js'
