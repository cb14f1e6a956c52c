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
      super({ ...options, host: '127.0.0.1', bootstrap: [`127.0.0.1:${bootstrap}`] })
    }
  }
}
