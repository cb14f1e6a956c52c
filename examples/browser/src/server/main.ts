// `npm run demo:browser`: a store on Node.js, and the site with the page that replicates with it.

import { parseArgs } from 'node:util'
import { NodeStore } from './node-store.js'
import { serveSite } from './site.js'

const USAGE = 'node dist/main.js [--port 8780] [--directory .demo/browser]'

const { values } = readArguments()
const store = new NodeStore(values.directory, (line) => console.log(line))
await store.open()
const site = await serveSite(store, Number(values.port))
console.log(`Open ${site.address} in a browser. Its notes appear here. Ctrl-C ends the server.`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    site.close()
    await store.close()
  })
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', default: '8780' },
        directory: { type: 'string', default: '.demo/browser' },
      },
    })
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`)
    process.exit(2)
  }
}
