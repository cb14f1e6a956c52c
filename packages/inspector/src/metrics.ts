/**
 * The metrics of a store as OpenMetrics text, for Prometheus and others. docs/metrics.md lists them.
 *
 * ```ts
 * import { createServer } from 'node:http'
 * import Corestore from '@coreyard/corestore'
 * import { storeMetrics } from '@coreyard/inspector/metrics'
 *
 * const store = new Corestore('./my-app')
 * const metrics = storeMetrics(store)
 * createServer(async (_request, response) => {
 *   response.setHeader('content-type', metrics.contentType)
 *   response.end(await metrics.text())
 * }).listen(9100, '127.0.0.1')
 * ```
 *
 * @packageDocumentation
 */

import type { Corestore } from '@coreyard/corestore'
import { Counter, Gauge, type OpenMetricsContentType, Registry } from 'prom-client'
import { eventsBetween } from './events.js'
import { whileOpen } from './inspect.js'
import { type Look, Observer } from './observer.js'
import type { Picture } from './picture.js'

/** Reads the metrics of a store. */
export interface StoreMetrics {
  /** The value for the HTTP header `content-type`. */
  readonly contentType: string
  /** Reads all metrics now. Calls at the same time resolve with the same text. Rejects with `STORE_CLOSED` if the store is closed. */
  text(): Promise<string>
  /** Removes its listener from the store. */
  end(): void
}

/**
 * Returns the metrics of a store. Work is done only when `text` is called.
 *
 * @throws InspectorError `BAD_ARGUMENT` if `store` is not a store; `STORE_CLOSED`
 */
export function storeMetrics(store: Corestore): StoreMetrics {
  const observer = new Observer(store)
  const series = new Series()
  let before: Picture | null = null
  let reading: Promise<string> | null = null
  const read = async (): Promise<string> => {
    const look = await whileOpen(store, () => observer.look())
    series.set(look, before)
    before = look.picture
    return series.registry.metrics()
  }
  return {
    contentType: series.registry.contentType,
    text() {
      reading ??= read().finally(() => {
        reading = null
      })
      return reading
    },
    end: () => observer.end(),
  }
}

class Series {
  readonly registry = new Registry<OpenMetricsContentType>()
  readonly #cores = this.#gauge('coreyard_cores', 'Cores that are open, by what uses them', ['use'])
  readonly #limits = this.#gauge('coreyard_limit_cores', 'Limit of the number of cores, by what uses them', [
    'use',
  ])
  readonly #waiting = this.#gauge(
    'coreyard_waiting_cores',
    'Cores that peers requested and that wait for capacity',
  )
  readonly #blocks = this.#gauge(
    'coreyard_blocks',
    'Blocks of the open cores: known to exist, and stored here',
    ['kind'],
  )
  readonly #lag = this.#gauge(
    'coreyard_replication_lag_blocks',
    'Blocks that this store waits for (in), and blocks here that downloading peers lack (out)',
    ['direction'],
  )
  readonly #disk = this.#gauge(
    'coreyard_disk_bytes',
    'Bytes of the files of the store, and bytes free on its disk',
    ['kind'],
  )
  readonly #peers = this.#gauge('coreyard_peers', 'Peers whose handshake is done')
  readonly #suspended = this.#gauge('coreyard_suspended', 'Whether the store is suspended')
  readonly #network = this.#counter('coreyard_network_bytes', 'Encrypted bytes over all streams', [
    'direction',
  ])
  readonly #refusals = this.#counter('coreyard_refusals', 'Cores that were not attached to a stream', [
    'reason',
  ])
  readonly #errors = this.#counter(
    'coreyard_replication_errors',
    'Answers of peers that failed verification, and invalid requests',
  )
  readonly #conflicts = this.#counter(
    'coreyard_conflicts',
    'Cores for which a peer proved a conflicting history',
  )

  constructor() {
    this.registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  }

  set(look: Look, before: Picture | null): void {
    const { picture, changed, conflicts } = look
    const { store, peers } = picture
    this.#cores.set({ use: 'any' }, store.open)
    for (const { name, value, limit } of store.limits) {
      const use = name === 'idle cores' ? 'idle' : 'peers'
      this.#cores.set({ use }, value)
      if (limit !== null) this.#limits.set({ use }, limit)
    }
    this.#waiting.set(store.waiting)
    this.#blocks.set({ kind: 'known' }, store.progress.total)
    this.#blocks.set({ kind: 'here' }, store.progress.have)
    this.#lag.set({ direction: 'in' }, store.progress.want)
    this.#lag.set({ direction: 'out' }, store.progress.wanted)
    if (store.disk !== null) {
      this.#disk.set({ kind: 'used' }, store.disk.used)
      if (store.disk.free !== null) this.#disk.set({ kind: 'free' }, store.disk.free)
    }
    this.#peers.set(peers.filter(({ publicKey }) => publicKey !== null).length)
    this.#suspended.set(store.suspended ? 1 : 0)
    this.#network.inc({ direction: 'sent' }, look.bytes.sent)
    this.#network.inc({ direction: 'received' }, look.bytes.received)
    const empty = { ...picture, peers: [] }
    for (const event of eventsBetween(before ?? empty, look)) {
      if (event.type === 'refused') this.#refusals.inc({ reason: event.reason })
    }
    for (const core of changed) this.#errors.inc(Math.max(0, core.now.errors - (core.before?.errors ?? 0)))
    this.#conflicts.inc(conflicts.length)
  }

  #gauge<Label extends string>(name: string, help: string, labelNames: Label[] = []): Gauge<Label> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] })
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[] = []): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] })
  }
}
