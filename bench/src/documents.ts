// docs/performance.md, in which people write the prose and this program the numbers, between markers. The charts beside it.

import { BenchError } from './bench-error.js'
import { comparisons, comparisonTable } from './comparison.js'
import { contestants } from './contestants/all.js'
import { count } from './format.js'
import { goalsTable } from './goals.js'
import type { Results } from './results.js'
import { scalingTable } from './scaling.js'
import { markdownTable } from './text-table.js'

/** What stands between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`, by NAME. */
function sections(results: Results): ReadonlyMap<string, string> {
  const tables = comparisons.map((comparison) => {
    const table = comparisonTable(results, comparison, 'wall')
    return [comparison.engine, table ? markdownTable(table) : 'Not measured.\n'] as const
  })
  return new Map([
    ['machine', machine(results)],
    ...tables,
    ['many-cores', manyCores(results)],
    ['goals', markdownTable(goalsTable(results, 'wall'), 'left')],
    ['failures', failures(results)],
  ])
}

/**
 * The document with every section as the results have it.
 *
 * @throws BenchError `BAD_FILE` if it lacks the markers of a section
 */
export function renderDocument(document: string, results: Results): string {
  let rendered = document
  for (const [name, content] of sections(results)) {
    const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`]
    const from = rendered.indexOf(begin)
    const to = rendered.indexOf(end, from)
    if (from === -1 || to === -1) throw new BenchError('BAD_FILE', `The document lacks ${begin} and ${end}`)
    rendered = `${rendered.slice(0, from + begin.length)}\n\n${content}\n${rendered.slice(to)}`
  }
  return rendered
}

function machine({ machine, command, startedAt, seconds, rounds, scale }: Results): string {
  const { processor, processors, memory, platform, node, versions } = machine
  const list = (all: object) =>
    Object.entries(all)
      .map(([name, value]) => `${name} ${typeof value === 'number' ? count(value) : value}`)
      .join(', ')
  return [
    `- command: \`${command}\`, ${startedAt.slice(0, 10)}, ${Math.ceil(seconds / 60)} minutes, rounds: ${rounds}`,
    `- machine: ${processor}, ${processors} processors, ${Math.round(memory / 2 ** 30)} GiB of memory, ${platform}`,
    `- Node.js ${node}, ${list(versions)}`,
    `- sizes: ${list(scale.sizes)}; cores ${scale.cores.map(count).join(', ')}; listed ${scale.listed.map(count).join(', ')}`,
    '',
  ].join('\n')
}

function manyCores(results: Results): string {
  const tables = contestants.flatMap((contestant) => {
    const table = scalingTable(results, contestant, 'wall')
    return table === null ? [] : [`${contestant.title}:\n\n${markdownTable(table)}`]
  })
  return tables.length > 0 ? tables.join('\n') : 'Not measured.\n'
}

function failures({ failures }: Results): string {
  if (failures.length === 0) return 'Nothing failed.\n'
  return failures
    .map(({ task, contestant, cores, round, message }) => {
      const among = cores === null ? '' : `, ${count(cores)} cores`
      return `- ${task}, ${contestant}${among}, round ${round + 1}: ${message}\n`
    })
    .join('')
}
