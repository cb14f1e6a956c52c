// `coreyard cat`: the blocks of a core.

import type { Hypercore } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import { Option } from 'commander'
import { CommandError, ExitCode } from '../errors.js'
import { readNamespace } from '../key.js'
import { withStore } from '../opened.js'
import { withCore } from '../opened-core.js'
import { jsonText, Output } from '../output.js'
import { type BlockRange, readRange } from '../range.js'
import type { AddCommand } from '../run.js'
import { structureOf } from '../structure.js'
import { visible } from '../text.js'
import { findCore } from '../which-core.js'

interface CatOptions {
  readonly namespace?: string
  readonly encoding: 'utf-8' | 'hex' | 'json' | 'binary'
  readonly json?: boolean
}

export const addCat: AddCommand = (program, { io, action }) => {
  program
    .command('cat')
    .description('writes the blocks of a core')
    .argument('<directory>', 'the directory of a store')
    .argument('<core>', 'a name, a key, a discovery key, or how one begins')
    .argument('[range]', 'from..to, without to; one number for one block. Default: all')
    .option('--namespace <hex>', 'of the name', readNamespace)
    .addOption(
      new Option('--encoding <encoding>', 'how a block is written: binary as it is, the others one in a line')
        .choices(['utf-8', 'hex', 'json', 'binary'])
        .default('utf-8'),
    )
    .option('--json', 'as JSON, an object for each line: { index, value }')
    .action(
      action(async (directory: string, core: string, range: string | undefined, options: CatOptions) => {
        const output = new Output(io, options.json === true)
        return withStore(directory, {}, async (store) => {
          const stored = await findCore(store, { core, namespace: options.namespace })
          return withCore(store, stored, (session) => write(session, output, range, options))
        })
      }),
    )
}

async function write(
  session: Hypercore,
  output: Output,
  range: string | undefined,
  options: CatOptions,
): Promise<ExitCode> {
  const wanted = readRange(range, session.length)
  const structure = await structureOf(session)
  if (structure !== null) output.note(`The core is a ${structure}: its blocks are written as they are.`)
  const missing: number[] = []
  for (let index = wanted.start; index < wanted.end && !output.io.signal.aborted; index++) {
    const block = await session.get(index, { wait: false })
    if (block === null) missing.push(index)
    else if (output.json) output.line(jsonText({ index, value: valueFor(block, options.encoding) }))
    else if (options.encoding === 'binary') output.io.out(block)
    else output.line(lineOf(block, options.encoding, output.io.isOutTerminal))
    await output.io.drained()
  }
  if (missing.length === 0) return ExitCode.ok
  throw missingBlocks(missing, wanted)
}

function missingBlocks(missing: readonly number[], { start, end }: BlockRange): CommandError {
  const which = missing.slice(0, 5).join(', ') + (missing.length > 5 ? ', …' : '')
  return new CommandError(
    ExitCode.missing,
    'BLOCK_NOT_AVAILABLE',
    `${missing.length} of ${end - start} blocks are not here: ${which}. A peer that has them can be asked for them`,
  )
}

function lineOf(block: Uint8Array, encoding: CatOptions['encoding'], isTerminal: boolean): string {
  if (encoding === 'hex') return b4a.toString(block, 'hex')
  if (encoding === 'json') return jsonText(parsed(block))
  const text = b4a.toString(block)
  return isTerminal ? visible(text) : text
}

function valueFor(block: Uint8Array, encoding: CatOptions['encoding']): unknown {
  if (encoding === 'json') return parsed(block)
  return b4a.toString(block, encoding === 'utf-8' ? 'utf-8' : 'hex')
}

function parsed(block: Uint8Array): unknown {
  try {
    return JSON.parse(b4a.toString(block))
  } catch {
    throw new CommandError(ExitCode.usage, 'ENCODING', 'A block is no JSON: choose another --encoding')
  }
}
