// Where the results that are kept live, and what is made of them.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { charts } from './charts.js'
import { renderDocument } from './documents.js'
import { type Results, writeResults } from './results.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The results that docs/performance.md shows. */
export const RESULTS = join(ROOT, 'bench/results/results.json')
export const DOCUMENT = join(ROOT, 'docs/performance.md')
export const CHARTS = join(ROOT, 'docs/performance')

/** Writes the results, the charts and the sections of the document. */
export function save(results: Results): void {
  mkdirSync(CHARTS, { recursive: true })
  writeResults(RESULTS, results)
  for (const [name, svg] of charts(results)) writeFileSync(join(CHARTS, name), svg)
  writeFileSync(DOCUMENT, renderDocument(readFileSync(DOCUMENT, 'utf8'), results))
}
