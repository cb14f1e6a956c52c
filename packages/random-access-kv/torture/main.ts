// `npm run torture`: runs seeds in processes of their own until enough power cuts and faults are made, and prints the counts.

import { type ChildProcess, fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { HELP, OptionError, type Options, readOptions } from './options.js'
import type { Answer, Failed, Job, Progress } from './worker.js'

/** How often progress is printed, in milliseconds. */
const PROGRESS = 10_000

class Torture {
  readonly #options: Options
  readonly #counts = new Map<string, number>()
  readonly #started = performance.now()
  #next: number
  #failures = 0

  constructor(options: Options) {
    this.#options = options
    this.#next = options.seed
  }

  /** Returns the exit code. */
  async run(): Promise<number> {
    const { processes } = this.#options
    const progress = setInterval(() => process.stdout.write(`${this.#progress()}\n`), PROGRESS)
    await Promise.all(Array.from({ length: processes }, () => this.#runSeeds()))
    clearInterval(progress)
    this.#report()
    return this.#failures === 0 ? 0 : 1
  }

  get #isDone(): boolean {
    const { cuts, faults, seed, seeds, keepGoing } = this.#options
    if (this.#failures > 0 && !keepGoing) return true
    if (this.#next - seed >= seeds) return true
    return this.#count('power cut') >= cuts && this.#faults >= faults
  }

  async #runSeeds(): Promise<void> {
    let worker = start()
    while (!this.#isDone) {
      const seed = this.#next++
      const answer = await ask(worker, seed, this.#options.limit)
      if (typeof answer === 'string') {
        worker.kill('SIGKILL')
        worker = start()
        this.#fail(seed, { message: `seed ${seed} ${answer}`, disk: null })
        continue
      }
      for (const [name, count] of answer.counts) this.#counts.set(name, this.#count(name) + count)
      if (answer.failure !== null) this.#fail(seed, answer.failure)
    }
    worker.kill()
  }

  #fail(seed: number, { message, disk }: Failed): void {
    const { save } = this.#options
    if (this.#failures++ === 0 && save !== null && disk !== null) writeFileSync(save, disk, 'base64')
    process.stdout.write(`\nFAILED: ${message}\nAgain: npm run torture -- --seed ${seed} --seeds 1\n\n`)
  }

  #count(name: string): number {
    return this.#counts.get(name) ?? 0
  }

  get #faults(): number {
    let faults = 0
    for (const [name, count] of this.#counts) if (name.startsWith('failed: ')) faults += count
    return faults
  }

  get #seconds(): number {
    return (performance.now() - this.#started) / 1000
  }

  #progress(): string {
    const cuts = this.#count('power cut')
    const rate = cuts / this.#seconds
    return `${cuts} power cuts, ${this.#faults} faults, ${this.#count('seeds')} seeds, ${this.#failures} failed, ${rate.toFixed(0)} cuts a second`
  }

  #report(): void {
    const { seed } = this.#options
    const rows = [...this.#counts].sort(([one], [other]) => (one < other ? -1 : 1))
    const lines = rows.map(([name, count]) => `${name.padEnd(32)}${String(count).padStart(12)}`)
    process.stdout.write(
      `\n${this.#progress()}, ${this.#seconds.toFixed(0)} s, seeds from ${seed}\n\n${lines.join('\n')}\n`,
    )
  }
}

function start(): ChildProcess {
  return fork(fileURLToPath(new URL('./worker.js', import.meta.url)), {
    execArgv: ['--enable-source-maps'],
  })
}

/** Has a worker run a seed, for so many seconds at most. Gives what happened to it instead of an answer. */
function ask(worker: ChildProcess, seed: number, seconds: number): Promise<Answer | string> {
  return new Promise((resolve) => {
    let at = 'before the first round'
    const settle = (result: Answer | string) => {
      clearTimeout(limit)
      worker.off('message', heard)
      worker.off('exit', exited)
      resolve(result)
    }
    const heard = (message: Answer | Progress) => {
      if ('at' in message) at = message.at
      else settle(message)
    }
    const exited = (code: number | null, signal: string | null) =>
      settle(`has ended its process: ${signal ?? `exit code ${code}`}, ${at}`)
    const limit = setTimeout(
      () => settle(`hangs ${at}: it takes longer than ${seconds} seconds`),
      seconds * 1000,
    )
    worker.on('message', heard)
    worker.on('exit', exited)
    worker.send({ seed } satisfies Job)
  })
}

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2))
    if (options !== null) return await new Torture(options).run()
    process.stdout.write(HELP)
    return 0
  } catch (error) {
    if (!(error instanceof OptionError)) throw error
    process.stderr.write(`${error.message}\n\n${HELP}`)
    return 2
  }
}

process.exitCode = await main()
