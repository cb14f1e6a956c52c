// `npm run demo:browser`: a store on Node.js, and the site with the page that replicates with it.

import { parseArgs } from 'node:util'
import { NodeStore } from './node-store.js'
import { serveSite } from './site.js'

const USAGE = 'node dist/main.js [--port 8780] [--directory .demo/browser]'

const { port, directory } = readArguments()
const store = new NodeStore(directory, (line) => console.log(line))
try {
  await store.open()
} catch (error) {
  fail(`The store in ${directory} cannot be opened: ${(error as Error).message}`, 1)
}
const site = await serveSite(store, port).catch(async (error: Error) => {
  await store.close()
  return fail(`Port ${port} cannot be used: ${error.message}. Choose another one with --port`, 1)
})
console.log(`Open ${site.address} in a browser. Its notes appear here. Ctrl-C ends the server.`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    site.close()
    await store.close()
  })
}

function readArguments(): { port: number; directory: string } {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '8780' },
        directory: { type: 'string', default: '.demo/browser' },
      },
    })
    const port = Number(values.port)
    if (/^\d+$/.test(values.port) && port < 65536) return { port, directory: values.directory }
    return fail(`--port must be a number from 0 to 65535, not '${values.port}'\n${USAGE}`, 2)
  } catch (error) {
    return fail(`${(error as Error).message}\n${USAGE}`, 2)
  }
}

function fail(message: string, exitCode: number): never {
  console.error(message)
  process.exit(exitCode)
}
