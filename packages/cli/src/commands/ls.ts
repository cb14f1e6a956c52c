// `coreyard ls`: the cores of a store.

import type { CorePicture } from '@coreyard/inspector'
import b4a from 'b4a'
import { Option } from 'commander'
import id from 'hypercore-id-encoding'
import { LEAST_PREFIX, readNamespace } from '../key.js'
import { coresIn } from '../other-process.js'
import { Output } from '../output.js'
import type { AddCommand } from '../run.js'
import type { Column } from '../table.js'
import { bytes, counted, time, visible } from '../text.js'
import { compare, isIn } from '../which-core.js'

interface LsOptions {
  readonly name?: string
  readonly namespace?: string
  readonly writable?: boolean
  readonly sort: keyof typeof ORDERS
  readonly json?: boolean
}

/** The largest and the newest come first. */
const ORDERS = {
  name: null,
  length: (core: CorePicture) => -core.length,
  bytes: (core: CorePicture) => -core.byteLength,
  size: (core: CorePicture) => -core.byteLength,
  written: (core: CorePicture) => -(core.lastWritten ?? 0),
} as const

export const addLs: AddCommand = (program, { io, action }) => {
  program
    .command('ls')
    .description('lists the cores of a store')
    .argument('<directory>', 'the directory of a store')
    .option('--name <text>', 'only cores whose name contains this')
    .option('--namespace <hex>', 'only cores of this namespace', readNamespace)
    .option('--writable', 'only cores that this store can write')
    .addOption(new Option('--sort <by>', 'in which order').choices(Object.keys(ORDERS)).default('name'))
    .option('--json', 'as JSON')
    .action(
      action(async (directory: string, options: LsOptions) => {
        const output = new Output(io, options.json === true)
        const cores = selected(await coresIn(directory, io.signal), options)
        if (output.json) output.value({ directory, cores: cores.map(toJson) })
        else show(output, cores)
        return undefined
      }),
    )
}

function selected(
  cores: readonly CorePicture[],
  { name, namespace, writable, sort }: LsOptions,
): CorePicture[] {
  const wanted = cores.filter(
    (core) =>
      (name === undefined || core.name?.includes(name)) &&
      isIn(core, namespace) &&
      (writable !== true || core.writable),
  )
  const order = ORDERS[sort]
  return order === null ? wanted : wanted.sort((one, other) => compare(order(one), order(other)))
}

/** What a core does not have. */
const NONE = '-'

/** A date and `…`. */
const DATE_WIDTH = 11

const NAME: Column = { name: 'name', least: 12 }
const NAMESPACE: Column = { name: 'namespace' }
const COLUMNS: readonly Column[] = [
  { name: 'key', least: LEAST_PREFIX + 1 },
  { name: 'blocks', side: 'right' },
  { name: 'here', side: 'right' },
  { name: 'size', side: 'right' },
  { name: 'writable' },
  { name: 'written (UTC)', least: DATE_WIDTH },
]

/** How a namespace begins: enough for `--namespace`. A core without one is in the namespace of the store itself, or has no name. */
function shortOf(namespace: string | null): string {
  return namespace === null || /^0+$/.test(namespace) ? NONE : namespace.slice(0, 8)
}

function show(output: Output, cores: readonly CorePicture[]): void {
  const hasNamespaces = cores.some(({ namespace }) => shortOf(namespace) !== NONE)
  const rows = cores.map((core) => [
    core.name === null ? NONE : visible(core.name),
    ...(hasNamespaces ? [shortOf(core.namespace)] : []),
    core.key?.slice(0, 16) ?? core.discoveryKey.slice(0, 16),
    String(core.length),
    core.progress.have === core.length ? 'all' : `${core.progress.have}${core.hasMoreRanges ? '+' : ''}`,
    bytes(core.byteLength),
    core.writable ? 'yes' : 'no',
    time(core.lastWritten),
  ])
  output.table(hasNamespaces ? [NAME, NAMESPACE, ...COLUMNS] : [NAME, ...COLUMNS], rows)
  const size = cores.reduce((sum, core) => sum + core.byteLength, 0)
  output.line(output.colors.dim(`${counted(cores.length, 'core')}, ${bytes(size)} of blocks`))
}

/** What of a picture means something for a core that is not open. */
export function toJson(core: CorePicture): object {
  const { name, nameIsHex, namespace, key, discoveryKey, writable, length, byteLength } = core
  const { fork, contiguousLength, lastWritten } = core
  return {
    name,
    nameIsHex,
    namespace,
    key,
    id: idOf(core),
    discoveryKey,
    writable,
    length,
    byteLength,
    fork,
    contiguousLength,
    lastWritten,
  }
}

/** The key as a program prints it with `core.id`: z32. */
export function idOf({ key }: CorePicture): string | null {
  return key === null ? null : id.encode(b4a.from(key, 'hex'))
}
