// The charts that docs/performance.md shows.

import { type BarChart, barChart } from './bar-chart.js'
import { allRows, ratioOf } from './comparison.js'
import { contestants } from './contestants/all.js'
import { count } from './format.js'
import type { Results } from './results.js'
import { growthOf, scaledRows } from './scaling.js'
import type { Row } from './tasks/task.js'

const OURS = ['coreyard-rocksdb', 'coreyard-files', 'coreyard-memory']

/** The SVG of every chart, by its file's name. */
export function charts(results: Results): ReadonlyMap<string, string> {
  const all: Record<string, BarChart> = {
    'disk.svg': against(results, 'corestore-7', ['coreyard-rocksdb', 'coreyard-files', 'corestore-6-files']),
    'memory.svg': against(results, 'corestore-6-memory', ['coreyard-memory']),
    'facade.svg': facade(results),
    'many-cores.svg': manyCores(results),
  }
  return new Map(Object.entries(all).map(([name, chart]) => [name, barChart(chart)]))
}

/** How many times as good as one contestant others are. */
function against(results: Results, base: string, others: readonly string[]): BarChart {
  return {
    title: `Measured against ${titleOf(base)}`,
    scale: 'how many times as fast, or as small; to the right is better',
    series: others.map(titleOf),
    groups: groups(allRows, others, (row, other) => ratioOf(results, row, other, base)),
  }
}

function facade(results: Results): BarChart {
  return {
    title: 'Measured against bare Hypercore 11 on the same storage',
    scale: 'how many times as fast; to the right is better',
    series: OURS.map(titleOf),
    groups: groups(
      allRows.filter(({ unit }) => unit === 'time'),
      OURS,
      (row, ours) => ratioOf(results, row, ours, ours.replace('coreyard', 'hypercore')),
    ),
  }
}

function manyCores(results: Results): BarChart {
  const growths = scaledRows.flatMap(({ id }) => growthOf(results, id, OURS[0] ?? '') ?? [])
  const most = count(Math.max(0, ...growths.map((growth) => growth.most)))
  const fewest = count(Math.min(...growths.map((growth) => growth.fewest), Number.MAX_SAFE_INTEGER))
  return {
    title:
      growths.length === 0
        ? 'Many cores: not measured'
        : `One core among ${most}, measured against one among ${fewest}`,
    scale: 'how many times as fast, or as small; 1 is what should be',
    series: OURS.map(titleOf),
    groups: groups(scaledRows, OURS, (row, ours) => {
      const growth = growthOf(results, row, ours)
      return growth && 1 / growth.factor
    }),
  }
}

/** A group for each row that has a value of anybody. */
function groups(
  rows: readonly Row[],
  series: readonly string[],
  value: (row: string, contestant: string) => number | null,
): BarChart['groups'] {
  return rows
    .map(({ id, title }) => ({ title, values: series.map((contestant) => value(id, contestant)) }))
    .filter(({ values }) => values.some((each) => each !== null))
}

function titleOf(contestant: string): string {
  return contestants.find(({ id }) => id === contestant)?.title ?? contestant
}
