// `coreyard backup`, `restore` and `convert`: a store in another directory.

import { resolve } from 'node:path'
import { convert } from '@coreyard/convert'
import { type Command, Option } from 'commander'
import { withStore } from '../opened.js'
import { Output } from '../output.js'
import type { AddCommand } from '../run.js'
import { bytes, counted } from '../text.js'

interface CopyOptions {
  readonly engine?: 'rocksdb' | 'random-access'
  readonly json?: boolean
}

interface Progress {
  readonly phase: string
  readonly cores: number
  readonly bytes: number
}

interface Copied {
  readonly entries: number
  readonly bytes: number
  readonly cores: number
  readonly written: number
}

export const addBackup: AddCommand = (program, { io, action }) => {
  described(
    program,
    'backup',
    'copies a store; the writers of the copy ask their peers before they write',
  ).action(
    action(async (directory: string, destination: string, options: CopyOptions) => {
      const output = new Output(io, options.json === true)
      const copied = await withStore(directory, {}, (store) =>
        store.backup(resolve(destination), {
          ...(options.engine && { to: { engine: options.engine } }),
          signal: io.signal,
          onProgress: (progress) => report(output, progress),
        }),
      )
      show(output, destination, copied)
      return undefined
    }),
  )
}

export const addRestore: AddCommand = (program, { io, action }) => {
  described(program, 'restore', 'makes a store of a backup; the backup stays as it is').action(
    action(async (directory: string, destination: string, options: CopyOptions) => {
      await withStore(directory, {}, async () => {}) // what it is, is told better than by convert
      const output = new Output(io, options.json === true)
      show(output, destination, await converted(output, directory, destination, options))
      return undefined
    }),
  )
}

export const addConvert: AddCommand = (program, { io, action }) => {
  described(
    program,
    'convert',
    'copies a store to another engine, or one of Corestore 6 to a new store',
  ).action(
    action(async (directory: string, destination: string, options: CopyOptions) => {
      const output = new Output(io, options.json === true)
      show(output, destination, await converted(output, directory, destination, options))
      return undefined
    }),
  )
}

function described(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('<directory>', 'the directory of a store')
    .argument('<destination>', 'an empty directory, or one with an interrupted copy of the same store')
    .addOption(new Option('--engine <engine>', 'of the copy').choices(['rocksdb', 'random-access']))
    .option('--json', 'as JSON')
}

function converted(output: Output, from: string, to: string, { engine }: CopyOptions): Promise<Copied> {
  return convert(resolve(from), resolve(to), {
    ...(engine && { to: { engine } }),
    signal: output.io.signal,
    progress: (progress) => report(output, progress),
  })
}

function report(output: Output, { phase, cores, bytes: size }: Progress): void {
  output.progress(`${phase}: ${counted(cores, 'core')}, ${bytes(size)}`)
}

function show(output: Output, destination: string, copied: Copied): void {
  output.progressEnds()
  const { entries, bytes: size, cores, written } = copied
  if (output.json) output.value({ destination, entries, bytes: size, cores, written })
  else
    output.line(
      `${counted(cores, 'core')}, ${bytes(size)} in ${destination}; ${written} of ${entries} records were new there`,
    )
}
