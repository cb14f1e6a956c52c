// The metrics of a store over HTTP, on this machine alone.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Corestore } from '@coreyard/corestore'
import { storeMetrics } from '@coreyard/inspector/metrics'
import { CommandError, ExitCode } from './errors.js'

/** The end of OpenMetrics text. */
const END = '# EOF\n'

/** Serves the metrics for as long as `use` takes, which is given their address. `more`: series of its own, as OpenMetrics text. */
export async function whileMeasured<T>(
  store: Corestore,
  port: number,
  use: (address: string) => Promise<T>,
  more: () => Promise<string> = async () => END,
): Promise<T> {
  const metrics = storeMetrics(store)
  const server = createServer(async ({ url, method }, response) => {
    if (url !== '/metrics' || method !== 'GET') {
      response.writeHead(404).end('The metrics are at /metrics\n')
      return
    }
    try {
      const text = await metrics.text()
      const all = text.replace(END, await more())
      response.setHeader('content-type', metrics.contentType).end(all)
    } catch {
      response.writeHead(503).end() // the store closes
    }
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(ExitCode.failed, 'METRICS', `--metrics ${port} cannot be served: ${error.message}`)
  })
  const address = server.address()
  const used = typeof address === 'object' && address !== null ? address.port : port
  try {
    return await use(`http://127.0.0.1:${used}/metrics`)
  } finally {
    server.close()
    server.closeAllConnections()
    metrics.end()
  }
}
