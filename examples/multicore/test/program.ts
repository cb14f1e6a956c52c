// The built programs as processes of their own, as a user runs them.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** How a program ended, and what it printed. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A program that runs. It is killed with the test that started it. */
export class Program {
  readonly #process: ChildProcess
  /** Settles when it has ended and closed its output. */
  readonly ended: Promise<Ended>
  #stdout = ''
  #stderr = ''

  constructor(name: 'demo' | 'reader' | 'writer', args: readonly string[], cwd?: string) {
    const file = fileURLToPath(new URL(`../dist/${name}.js`, import.meta.url))
    this.#process = spawn(process.execPath, [file, ...args], { cwd })
    this.#process.stdout?.setEncoding('utf8').on('data', (text) => {
      this.#stdout += text
    })
    this.#process.stderr?.setEncoding('utf8').on('data', (text) => {
      this.#stderr += text
    })
    this.ended = new Promise((resolve) => {
      this.#process.once('close', (code) => resolve({ code, stdout: this.#stdout, stderr: this.#stderr }))
    })
    onTestFinished(async () => {
      this.#process.kill('SIGKILL')
      await this.ended
    })
  }

  /** What it has printed, once that matches; rejects if it ends before. */
  prints(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(this.#stdout)
        if (match !== null) resolve(match)
      }
      this.#process.stdout?.on('data', look)
      look()
      this.ended.then(({ code }) =>
        reject(
          new Error(
            `It ended with status ${code}, and printed no ${pattern}:\n${this.#stdout}${this.#stderr}`,
          ),
        ),
      )
    })
  }

  /** Types into its standard input. */
  type(text: string): void {
    this.#process.stdin?.write(text)
  }

  /** Ends its standard input, after the text. */
  typeLast(text = ''): void {
    this.#process.stdin?.end(text)
  }

  /** What Ctrl-C does. */
  interrupt(): Promise<Ended> {
    this.#process.kill('SIGINT')
    return this.ended
  }
}

/** A new empty directory, gone when the test has finished. */
export function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'multicore-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}
