// What `require('@coreyard/corestore')` loads: the class, as the ES module exports it for require (src/common-js.ts). TypeScript takes
// the format of a package from the name of the file, and reads require.d.cts for this one.

module.exports = require('./dist/index.js')
