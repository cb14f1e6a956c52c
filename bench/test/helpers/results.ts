// Results that were never measured.

import { newResults, type Results } from '../../src/results.js'
import { tiny } from './tiny.js'

/** Each value is that of a row with a contestant, and with as many cores. */
export function resultsOf(
  ...values: [row: string, contestant: string, cores: number | null, ...values: number[]][]
): Results {
  const results = newResults({
    command: 'npm run bench',
    rounds: 1,
    scale: { sizes: tiny, cores: [1000, 100_000], listed: [1000] },
    machine: {
      processor: 'Abacus',
      processors: 2,
      memory: 2 ** 34,
      platform: 'linux x64',
      node: 'v20.0.0',
      versions: { hypercore: '11.0.0' },
    },
  })
  for (const [row, contestant, cores, ...rounds] of values) {
    results.series.push({ row, contestant, cores, values: rounds, processor: rounds.map((each) => each / 2) })
  }
  return results
}
