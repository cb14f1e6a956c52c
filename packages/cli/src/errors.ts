// The errors of commands: the message says what was wrong and what would be right, and the exit code names the kind of failure.

import { CoreyardError, StorageError } from '@coreyard/corestore'

/** The exit codes of the command. */
export const ExitCode = {
  ok: 0,
  /** The command ran and found a problem: a damaged core, a difference, too few copies, or no peer that serves the core. */
  found: 1,
  /** The arguments were wrong. */
  usage: 2,
  /** The directory cannot be opened as a store. */
  store: 3,
  /** There is no such core, or no such block. */
  missing: 4,
  /** The user did not confirm, so nothing was changed. */
  unconfirmed: 5,
  /** Anything else. */
  failed: 70,
  /** Ctrl-C. */
  interrupted: 130,
} as const

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

export class CommandError extends Error {
  readonly exitCode: ExitCode
  readonly code: string

  constructor(exitCode: ExitCode, code: string, message: string) {
    super(message)
    this.name = 'CommandError'
    this.exitCode = exitCode
    this.code = code
  }
}

export function usage(message: string): CommandError {
  return new CommandError(ExitCode.usage, 'USAGE', message)
}

/** The message of an error. If the message of a library names options that no command has, one that names a command instead. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return (error instanceof StorageError && storageMessage(error)) || error.message
}

function storageMessage({ code, directory, cause }: StorageError): string | null {
  switch (code) {
    case 'STORAGE_MOVED':
      return (
        `${directory} was copied or moved since it was made, and two copies that are both written end their cores: use the original, ` +
        `or make a store of this one with \`coreyard backup ${directory} <destination>\``
      )
    case 'STORAGE_NOT_WRITABLE': {
      const why = cause instanceof Error ? `: ${cause.message}` : ''
      return `${directory} cannot be used${why}. Its files must be readable, and writable for what changes a store`
    }
    case 'STORAGE_LOCKED':
      return `${directory} is open in another process: end that first`
    case 'STORAGE_UNFINISHED':
      return `${directory} holds an unfinished copy: run the \`backup\`, \`restore\` or \`convert\` again that began it, or remove the directory`
    default:
      return null
  }
}

/** The exit code for an error. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommandError) return error.exitCode
  if (!(error instanceof CoreyardError)) return ExitCode.failed
  if (error.code === 'BAD_ARGUMENT') return ExitCode.usage
  if (error.code === 'STORAGE_EMPTY') return ExitCode.missing
  return error.code.startsWith('STORAGE_') ? ExitCode.store : ExitCode.failed
}
