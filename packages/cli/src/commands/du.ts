// `coreyard du`: who takes the disk.

import { diskUsage, inspect, type Usage } from '@coreyard/inspector'
import { withStore } from '../opened.js'
import { Output } from '../output.js'
import type { AddCommand } from '../run.js'
import { bytes, visible } from '../text.js'

/** How many cores are shown without `--all`. */
const SHOWN = 20

interface DuOptions {
  readonly all?: boolean
  readonly json?: boolean
}

export const addDu: AddCommand = (program, { io, action }) => {
  program
    .command('du')
    .description('says who takes the disk: by kind of record, by namespace and by core')
    .argument('<directory>', 'the directory of a store')
    .option('--all', `all cores, not only the ${SHOWN} largest`)
    .option('--json', 'as JSON')
    .action(
      action(async (directory: string, options: DuOptions) => {
        const output = new Output(io, options.json === true)
        const { usage, files } = await withStore(directory, {}, async (store) => {
          const { store: own } = await inspect(store)
          return { usage: await diskUsage(store), files: own.disk?.used ?? null }
        })
        const namespaces = byNamespace(usage)
        if (output.json) output.value({ directory, files, ...usage, namespaces })
        else show(output, usage, files, namespaces, options.all === true ? Infinity : SHOWN)
        return undefined
      }),
    )
}

interface NamespaceUsage {
  readonly namespace: string | null
  readonly cores: number
  readonly bytes: number
}

function byNamespace({ cores }: Usage): NamespaceUsage[] {
  const sums = new Map<string | null, { cores: number; bytes: number }>()
  for (const { namespace, bytes: size } of cores) {
    const sum = sums.get(namespace) ?? { cores: 0, bytes: 0 }
    sums.set(namespace, { cores: sum.cores + 1, bytes: sum.bytes + size })
  }
  return [...sums]
    .map(([namespace, sum]) => ({ namespace, ...sum }))
    .sort((one, other) => other.bytes - one.bytes)
}

function show(
  output: Output,
  usage: Usage,
  files: number | null,
  namespaces: readonly NamespaceUsage[],
  most: number,
): void {
  const kinds = usage.kinds.map(({ kind, records, bytes: size }) => [kind, String(records), bytes(size)])
  output.table(
    [{ name: 'kind of record' }, { name: 'records', side: 'right' }, { name: 'size', side: 'right' }],
    kinds,
  )
  output.line()
  output.table(
    [
      { name: 'namespace', least: 12 },
      { name: 'cores', side: 'right' },
      { name: 'size', side: 'right' },
    ],
    namespaces.map(({ namespace, cores, bytes: size }) => [
      namespace ?? '(no name)',
      String(cores),
      bytes(size),
    ]),
  )
  output.line()
  const shown = usage.cores.slice(0, most)
  output.table(
    [
      { name: 'core', least: 12 },
      { name: 'discovery key', least: 13 },
      { name: 'blocks', side: 'right' },
      { name: 'all', side: 'right' },
    ],
    shown.map(({ name, discoveryKey, blocks, bytes: size }) => [
      name === null ? '-' : visible(name),
      discoveryKey.slice(0, 16),
      bytes(blocks),
      bytes(size),
    ]),
  )
  const left = usage.cores.length - shown.length
  if (left > 0) output.line(output.colors.dim(`and ${left} smaller ones (--all)`))
  const onDisk = files === null ? '' : `, ${bytes(files)} in files`
  output.line(output.colors.dim(`${bytes(usage.bytes)} of records${onDisk}`))
}
