// `storeMetrics`: OpenMetrics text, with the series that docs/metrics.md lists and the dashboard shows.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { storeMetrics } from '../src/metrics.js'
import { connect, keyOf, openStore, seen, write } from './stores.js'

const read = (path: string) => readFileSync(new URL(`../../../docs/${path}`, import.meta.url), 'utf8')

test('the text is OpenMetrics, and ends as it must', async () => {
  const metrics = storeMetrics(openStore())
  expect(metrics.contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
  const text = await metrics.text()
  expect(text).toMatch(/# EOF\n$/)
  expect(text).toContain('# TYPE coreyard_cores gauge')
  expect(text).toContain('# TYPE coreyard_network_bytes counter')
  metrics.end()
})

test('cores, blocks, peers, bytes and refusals are counted', async () => {
  const [writer, reader] = [openStore({ replicator: { authorize: () => true } }), openStore()]
  const metrics = storeMetrics(writer)
  const core = await write(writer, 'a', 3)
  const copy = reader.get(keyOf(core))
  reader.get(Buffer.alloc(32, 1))
  connect(writer, reader)
  await copy.get(0)
  await seen(writer, ({ picture }) => picture.peers.some(({ refused }) => refused.length > 0))
  const values = valuesOf(await metrics.text())
  expect(values).toMatchObject({
    'coreyard_cores{use="any"}': 1,
    'coreyard_cores{use="peers"}': 0,
    'coreyard_limit_cores{use="idle"}': 1000,
    'coreyard_blocks{kind="known"}': 3,
    'coreyard_blocks{kind="here"}': 3,
    coreyard_peers: 1,
    coreyard_suspended: 0,
    coreyard_waiting_cores: 0,
    coreyard_conflicts_total: 0,
    coreyard_replication_errors_total: 0,
    'coreyard_refusals_total{reason="not-stored"}': 1,
  })
  expect(values['coreyard_network_bytes_total{direction="sent"}']).toBeGreaterThan(100)
  const again = valuesOf(await metrics.text())
  expect(again['coreyard_refusals_total{reason="not-stored"}']).toBe(1)
  metrics.end()
})

test('two readings at once give the same text, and a closed store rejects', async () => {
  const store = openStore()
  const metrics = storeMetrics(store)
  const [one, other] = await Promise.all([metrics.text(), metrics.text()])
  expect(one).toBe(other)
  await store.close()
  await expect(metrics.text()).rejects.toMatchObject({ code: 'STORE_CLOSED' })
  expect(() => storeMetrics(store)).toThrow(expect.objectContaining({ code: 'STORE_CLOSED' }))
})

test('no series names a core or a peer', async () => {
  const store = openStore()
  const core = await write(store, 'private name')
  const text = await storeMetrics(store).text()
  expect(text).not.toContain('private name')
  expect(text).not.toContain(Buffer.from(keyOf(core)).toString('hex'))
})

test('docs/metrics.md lists every series and no other, and the dashboard shows only those', async () => {
  const text = await storeMetrics(openStore()).text()
  const series = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) =>
    type === 'counter' ? `${name}_total` : name,
  )
  const listed = [...read('metrics.md').matchAll(/^\| `(coreyard_\w+)`/gm)].map(([, name]) => name)
  expect(listed.sort()).toEqual(series.sort())
  const shown = new Set(read('grafana-dashboard.json').match(/coreyard_\w+/g))
  expect([...shown].filter((name) => !series.includes(name))).toEqual([])
  expect(shown.size).toBeGreaterThan(8)
})

/** The value of each series, by its name and labels. */
function valuesOf(text: string): { [series: string]: number } {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  )
}
