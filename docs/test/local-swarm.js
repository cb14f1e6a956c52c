// Loaded before a snippet: what it would do on the public network it does on this machine, where nothing else answers.
// LOCAL_DHT is the port of a DHT node.

import { createRequire } from 'node:module'
import { join } from 'node:path'

const bootstrap = process.env.LOCAL_DHT
if (bootstrap !== undefined) {
  // From the folder of the snippet, so that it is the module that the snippet gets.
  const require = createRequire(join(process.cwd(), 'snippet.mjs'))
  const DHT = require('hyperdht')
  const module = require.cache[require.resolve('hyperdht')]
  module.exports = class extends DHT {
    constructor(options) {
      // A node takes itself to be behind a firewall until others have told it otherwise, and these are too few: two programs that connect
      // through a hole in a firewall that is not there are connected on one side alone.
      const here = { host: '127.0.0.1', firewalled: false, ephemeral: true }
      super({ ...options, ...here, bootstrap: [`127.0.0.1:${bootstrap}`] })
    }
  }
}
