// Runs the command in this process, and gives what it wrote; and directories with stores, gone after the test.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Corestore, type StoreOptions } from '@coreyard/corestore'
import { expect, onTestFinished } from 'vitest'
import { type ExitCode, type Io, run } from '../src/index.js'

export interface Result {
  readonly exitCode: ExitCode
  readonly out: string
  readonly err: string
}

export interface Terminal {
  /** What is answered to questions; a terminal asks, anything else does not. */
  readonly answers?: string[]
  readonly color?: boolean
  readonly columns?: number
  /** Whether results go to it. */
  readonly isOutTerminal?: boolean
  readonly signal?: AbortSignal
  readonly screen?: Io['screen']
  /** Settles when results have been taken. Default: at once. */
  readonly drained?: () => Promise<void>
  /** Told each result. */
  readonly onOut?: (text: string) => void
  /** Told each message. */
  readonly onErr?: (text: string) => void
}

export async function coreyard(args: readonly string[], terminal: Terminal = {}): Promise<Result> {
  let [out, err] = ['', '']
  const { answers, color = false, columns = 80, signal = new AbortController().signal } = terminal
  const io: Io = {
    out: (text) => {
      const written = typeof text === 'string' ? text : Buffer.from(text).toString('latin1')
      out += written
      terminal.onOut?.(written)
    },
    drained: terminal.drained ?? (async () => {}),
    err: (text) => {
      err += text
      terminal.onErr?.(text)
    },
    isTerminal: answers !== undefined,
    isOutTerminal: terminal.isOutTerminal ?? false,
    columns,
    color,
    screen: terminal.screen ?? null,
    signal,
    async ask(question) {
      err += question
      return answers?.shift() ?? ''
    },
  }
  const exitCode = await run(args, io)
  return { exitCode, out, err }
}

/** What a command writes with `--json`. */
export async function json<T>(args: readonly string[]): Promise<T> {
  const { exitCode, out, err } = await coreyard([...args, '--json'])
  expect([exitCode, err]).toEqual([0, ''])
  return JSON.parse(out) as T
}

export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'coreyard-cli-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return directory
}

/** A directory with a store that `fill` has filled. */
export async function storeWith(
  fill: (store: Corestore) => Promise<unknown>,
  options: StoreOptions = { engine: 'random-access' },
): Promise<string> {
  const directory = newDirectory()
  const store = new Corestore(directory, options)
  try {
    await fill(store)
  } finally {
    await store.close()
  }
  return directory
}

/** A store with two cores: `chat`, of three blocks, and `other`. */
export function filled(options?: StoreOptions): Promise<string> {
  return storeWith(async (store) => {
    await store.get({ name: 'chat' }).append(['hello', 'world', 'again'])
    await store.get({ name: 'other' }).append('block')
  }, options)
}
