// The command: its arguments, its help and its exit codes.

import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import pico from 'picocolors'
import { addCat } from './commands/cat.js'
import { addCheck } from './commands/check.js'
import { addClear } from './commands/clear.js'
import { addClone } from './commands/clone.js'
import { addCompact } from './commands/compact.js'
import { addCompletion } from './commands/completion.js'
import { addBackup, addConvert, addRestore } from './commands/copy.js'
import { addCoverage } from './commands/coverage.js'
import { addDiff } from './commands/diff.js'
import { addDu } from './commands/du.js'
import { addLs } from './commands/ls.js'
import { addMirror } from './commands/mirror.js'
import { addPlace } from './commands/place.js'
import { addProbe } from './commands/probe.js'
import { addRm } from './commands/rm.js'
import { addShare } from './commands/share.js'
import { addShow } from './commands/show.js'
import { addTop } from './commands/top.js'
import { addWhy } from './commands/why.js'
import { addWindow } from './commands/window.js'
import { ExitCode, exitCodeOf, messageOf, usage } from './errors.js'
import type { Io } from './io.js'
import { jsonText } from './output.js'
import { visible } from './text.js'

export { ExitCode }

/** Adds a command to the program. Its action returns the exit code. */
export type AddCommand = (program: Command, context: Context) => void

export interface Context {
  readonly io: Io
  /** Wraps the work of a command as an action that keeps its exit code. */
  action<Args extends unknown[]>(
    work: (...args: Args) => Promise<ExitCode | undefined>,
  ): (...args: Args) => Promise<void>
}

const COMMANDS: readonly AddCommand[] = [
  addLs,
  addDu,
  addShow,
  addCat,
  addCheck,
  addDiff,
  addBackup,
  addRestore,
  addConvert,
  addRm,
  addClear,
  addCompact,
  addShare,
  addClone,
  addProbe,
  addWhy,
  addMirror,
  addPlace,
  addCoverage,
  addWindow,
  addTop,
  addCompletion,
]

/** Runs the command with these arguments (without `node` and the script), and resolves with the exit code. Never rejects. */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.ok
  const isJson = wantsJson(args)
  const context: Context = {
    io,
    action:
      (work) =>
      async (...params) => {
        exitCode = (await work(...params)) ?? ExitCode.ok
      },
  }
  try {
    await makeProgram(context, isJson).parseAsync(args, { from: 'user' })
    return io.signal.aborted ? ExitCode.interrupted : exitCode
  } catch (error) {
    return failed(error, isJson, io)
  }
}

/** @param isJson whether what is wrong with the arguments is written as JSON, and not by commander */
export function makeProgram(context: Context, isJson = false): Command {
  const { io } = context
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const program = new Command('coreyard')
  program
    .description(
      'Lists, checks, compares, copies and cleans up the directories of Corestores, and shares cores.',
    )
    .version(version)
    .showHelpAfterError('(see coreyard --help)')
    .addHelpText('after', EXIT_CODES)
  for (const add of COMMANDS) add(program, context)
  program.hook('preAction', (_, command) => refuseEmpty(command))
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => {
        if (!isJson) io.err(text)
      },
      getOutHasColors: () => io.color,
      getErrHasColors: () => io.color,
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
    })
  }
  return program
}

/** An empty argument is usually an unset shell variable. As a directory it would name the working directory. */
function refuseEmpty({ registeredArguments, processedArgs }: Command): void {
  for (const [index, argument] of registeredArguments.entries()) {
    const given: unknown = processedArgs[index]
    if ([given].flat().includes('')) throw usage(`The argument <${argument.name()}> is empty`)
  }
}

const EXIT_CODES = `
Exit codes: 0 success, 1 found a problem, 2 wrong arguments, 3 no such store,
4 no such core or block, 5 not confirmed, 70 any other failure, 130 interrupted.`

function failed(error: unknown, isJson: boolean, io: Io): ExitCode {
  if (error instanceof CommanderError) return misused(error, isJson, io)
  if (io.signal.aborted) return ExitCode.interrupted
  const exitCode = exitCodeOf(error)
  const message = messageOf(error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'FAILED'
  if (isJson) writeError(io, code, message)
  else io.err(`${pico.createColors(io.color).red('error:')} ${visible(message)}\n`)
  return exitCode
}

/** What commander refuses, or ends with, as after `--help`. Except as JSON it has written what it has to say. */
function misused({ exitCode, code, message }: CommanderError, isJson: boolean, io: Io): ExitCode {
  if (exitCode === 0) return ExitCode.ok
  // For `help` of an unknown command, commander writes the help of the program. Its message is `(outputHelp)`.
  const isHelp = code === 'commander.help'
  const sentence = isHelp ? 'There is no such command: see coreyard --help' : message.replace(/^error: /, '')
  if (isJson) writeError(io, 'USAGE', sentence)
  return ExitCode.usage
}

/** What follows `--` is no option, but the name of a core. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return (end === -1 ? args : args.slice(0, end)).includes('--json')
}

function writeError(io: Io, code: string, message: string): void {
  io.out(`${jsonText({ error: { code, message } })}\n`)
}
