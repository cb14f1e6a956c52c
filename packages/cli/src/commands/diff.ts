// `coreyard diff`: whether two stores have the same cores, with the same history.

import type { Corestore } from '@coreyard/corestore'
import type { CorePicture } from '@coreyard/inspector'
import { ExitCode } from '../errors.js'
import { withStore } from '../opened.js'
import { withCore } from '../opened-core.js'
import { Output } from '../output.js'
import type { AddCommand } from '../run.js'
import type { Column } from '../table.js'
import { counted, visible } from '../text.js'
import { treeHashAt } from '../tree-hash.js'
import { storedCores } from '../which-core.js'

/**
 * `ahead`: the first store has more of the same history. `differs`: the histories are different. `not known`: nodes of the tree that it
 * takes to compare them are not here.
 */
type Relation = 'same' | 'only in first' | 'only in second' | 'ahead' | 'behind' | 'differs' | 'not known'

interface Difference {
  readonly name: string | null
  readonly discoveryKey: string
  readonly relation: Relation
  /** In blocks; `null` where it is not there. */
  readonly lengths: readonly [number | null, number | null]
}

export const addDiff: AddCommand = (program, { io, action }) => {
  program
    .command('diff')
    .description('compares two stores: the same cores, with the same roots?')
    .argument('<first>', 'the directory of a store')
    .argument('<second>', 'the directory of another one')
    .option('--json', 'as JSON')
    .action(
      action(async (first: string, second: string, options: { readonly json?: boolean }) => {
        const output = new Output(io, options.json === true)
        const all = await withStore(first, {}, (one) =>
          withStore(second, {}, (other) => compareStores(one, other, io.signal)),
        )
        const differences = all.filter(({ relation }) => relation !== 'same')
        if (output.json) output.value({ first, second, cores: all.length, differences })
        else show(output, all.length, differences)
        return differences.length === 0 ? ExitCode.ok : ExitCode.found
      }),
    )
}

async function compareStores(one: Corestore, other: Corestore, signal: AbortSignal): Promise<Difference[]> {
  const [ofOne, ofOther] = await Promise.all([storedCores(one), storedCores(other)])
  const others = new Map(ofOther.map((core) => [core.discoveryKey, core]))
  const found: Difference[] = []
  for (const core of ofOne) {
    signal.throwIfAborted()
    const match = others.get(core.discoveryKey)
    others.delete(core.discoveryKey)
    const relation = match === undefined ? 'only in first' : await relate(one, core, other, match)
    found.push({ ...idOf(core), relation, lengths: [core.length, match?.length ?? null] })
  }
  for (const core of others.values()) {
    found.push({ ...idOf(core), relation: 'only in second', lengths: [null, core.length] })
  }
  return found
}

async function relate(
  one: Corestore,
  core: CorePicture,
  other: Corestore,
  match: CorePicture,
): Promise<Relation> {
  const length = Math.min(core.length, match.length)
  const [hash, otherHash] = await Promise.all([hashAt(one, core, length), hashAt(other, match, length)])
  if (hash === null || otherHash === null) return 'not known'
  if (hash !== otherHash) return 'differs'
  return core.length === match.length ? 'same' : core.length > match.length ? 'ahead' : 'behind'
}

/** In hex; `null` if it is not known. */
async function hashAt(store: Corestore, core: CorePicture, length: number): Promise<string | null> {
  return length === 0 ? '' : withCore(store, core, (session) => treeHashAt(session, length))
}

function idOf({ name, discoveryKey }: CorePicture): Pick<Difference, 'name' | 'discoveryKey'> {
  return { name, discoveryKey }
}

const COLUMNS: readonly Column[] = [
  { name: 'name', least: 12 },
  { name: 'discovery key', least: 13 },
  { name: 'first is' },
  { name: 'first', side: 'right' },
  { name: 'second', side: 'right' },
]

function show(output: Output, count: number, differences: readonly Difference[]): void {
  if (differences.length === 0) {
    output.line(`${counted(count, 'core')}, the same in both`)
    return
  }
  const rows = differences.map(({ name, discoveryKey, relation, lengths }) => [
    name === null ? '-' : visible(name),
    discoveryKey.slice(0, 16),
    relation,
    ...lengths.map((length) => (length === null ? '-' : String(length))),
  ])
  output.table(COLUMNS, rows)
  output.line(output.colors.dim(`${differences.length} of ${count} cores differ`))
}
