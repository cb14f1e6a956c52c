// What a command writes to and asks of: the process, or what a test gives.

import { createInterface } from 'node:readline/promises'
import type { Terminal } from '@coreyard/window/terminal'

/** What the command talks through: a terminal, or the ends of pipes. */
export interface Io {
  /** Results. */
  out(text: string | Uint8Array): void
  /** Messages and progress. */
  err(text: string): void
  /** Whether somebody sits there, who can be asked and who sees progress. */
  readonly isTerminal: boolean
  /** Whether results go to a terminal. */
  readonly isOutTerminal: boolean
  readonly columns: number
  readonly color: boolean
  /** The terminal, where results go to one and keys come from it. */
  readonly screen: Terminal | null
  /** Aborts when the command is interrupted. */
  readonly signal: AbortSignal
  /** The answer to a question; only on a terminal. */
  ask(question: string): Promise<string>
}

/** The streams of this process. Colours are for terminals, unless `NO_COLOR` is set; `FORCE_COLOR` has them anywhere. */
export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process
  const abort = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => abort.abort())
  // A reader that has seen enough, as `head`, closes the pipe.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!isGone(error)) throw error
    abort.abort()
  })
  // Messages that nobody reads any longer end no work.
  stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (!isGone(error)) throw error
  })
  return {
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    isTerminal: stdin.isTTY === true && stderr.isTTY === true,
    isOutTerminal: stdout.isTTY === true,
    columns: stdout.columns || 80,
    color: !env.NO_COLOR && (Boolean(env.FORCE_COLOR) || stdout.isTTY === true) && env.TERM !== 'dumb',
    screen:
      stdin.isTTY === true && stdout.isTTY === true && env.TERM !== 'dumb'
        ? { input: stdin, output: stdout }
        : null,
    signal: abort.signal,
    async ask(question) {
      const lines = createInterface({ input: stdin, output: stderr })
      try {
        return await lines.question(question, { signal: abort.signal })
      } finally {
        lines.close()
      }
    },
  }
}

/** Whether nobody reads any longer: the pipe or the terminal was closed. */
function isGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'EIO'
}
