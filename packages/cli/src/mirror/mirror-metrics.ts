// The numbers that a blind-peer counts, as OpenMetrics text.

import type BlindPeer from 'blind-peer'
import type { OpenMetricsContentType } from 'prom-client'

/** What gives the numbers of a blind-peer. It has no registry of its own: it registers with what it is handed. */
export async function mirrorMetrics(peer: BlindPeer): Promise<() => Promise<string>> {
  const { Gauge, Registry } = await import('prom-client')
  const registry = new Registry<OpenMetricsContentType>()
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  class OwnGauge extends Gauge {
    constructor(configuration: ConstructorParameters<typeof Gauge>[0]) {
      super({ ...configuration, registers: [registry] })
    }
  }
  peer.registerMetrics({ Gauge: OwnGauge })
  return () => registry.metrics()
}
