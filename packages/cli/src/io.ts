// The input and output of a command: the process, or the object that a test passes.

import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import type { Terminal } from '@coreyard/window/terminal'
import { ExitCode } from './errors.js'

/** The input and output of the command: a terminal or pipes. */
export interface Io {
  /** Writes a result. */
  out(text: string | Uint8Array): void
  /** Resolves when the reader has taken most of the results, or the command is interrupted. Waiting for it keeps memory bounded. */
  drained(): Promise<void>
  /** Writes a message or progress. */
  err(text: string): void
  /** Whether a user at a terminal can be asked questions and can see progress. */
  readonly isTerminal: boolean
  /** Whether results go to a terminal. */
  readonly isOutTerminal: boolean
  /** The width of the output, in characters. */
  readonly columns: number
  /** Whether to use colours. */
  readonly color: boolean
  /** The terminal, if standard input and standard output are one; otherwise `null`. */
  readonly screen: Terminal | null
  /** Aborts when the command is interrupted. */
  readonly signal: AbortSignal
  /** Asks a question and resolves with the answer. Only call it if `isTerminal`. */
  ask(question: string): Promise<string>
}

/** The streams of this process. Colours are used on terminals unless `NO_COLOR` is set; `FORCE_COLOR` enables them everywhere. */
export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process
  const abort = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => abort.abort())
  // A reader that needs no more, such as `head`, closes the pipe.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!isGone(error) && !abort.signal.aborted) {
      stderr.write(`error: the results cannot be written: ${error.message}\n`)
      process.exitCode = ExitCode.failed
    }
    abort.abort()
  })
  // A failure to write messages ends no work.
  stderr.on('error', () => {})
  return {
    out: (text) => stdout.write(text),
    async drained() {
      if (stdout.writableNeedDrain) await once(stdout, 'drain', { signal: abort.signal }).catch(() => {})
    },
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

/** Resolves when the command is interrupted. */
export function interruption(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** Whether the pipe or the terminal was closed, so that nothing is read any more. */
function isGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'EIO'
}
