// The metrics of a store over HTTP, on this machine alone.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Corestore } from '@coreyard/corestore'
import { storeMetrics } from '@coreyard/inspector/metrics'
import { CommandError, ExitCode } from './errors.js'
import type { Output } from './output.js'

/** The end of OpenMetrics text. */
const END = '# EOF\n'

/** Returns more metrics as OpenMetrics text. */
export type Series = () => Promise<string>

/** Serves the metrics, if a port is given, for as long as `use` takes, which may set what is served with them. */
export async function whileMeasured<T>(
  store: Corestore,
  port: number | undefined,
  output: Output,
  use: (setSeries: (series: Series) => void) => Promise<T>,
): Promise<T> {
  if (port === undefined) return use(() => {})
  let more: Series = async () => END
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
    output.note(`metrics at http://127.0.0.1:${used}/metrics`)
    return await use((series) => {
      more = series
    })
  } finally {
    server.close()
    server.closeAllConnections()
    metrics.end()
  }
}
