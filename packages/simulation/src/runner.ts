// Has runs performed in a process of their own, and ends it when one takes too long in real time.

import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FailureKind, Outcome, Plan } from './plan.js'
import type { Answer, Job } from './worker.js'

/** How long a run may take the machine, in milliseconds. Most take less than one second. */
const LIMIT = 120_000
/** How much memory a process may use when a run is over, in bytes. */
const MOST_HEAP = 256 * 1024 * 1024

export class Runner {
  readonly #execArgv: readonly string[]
  readonly #environment: Readonly<Record<string, string>>
  #worker: ChildProcess | null = null

  /** @param execArgv options for Node.js, and what its environment has in addition */
  constructor(execArgv: readonly string[] = [], environment: Readonly<Record<string, string>> = {}) {
    this.#execArgv = execArgv
    this.#environment = environment
  }

  /** Performs a run. One at a time. */
  async run(plan: Plan, verbose = false): Promise<Outcome> {
    const worker = this.#worker ?? this.#start()
    const answer = await new Promise<Answer | string>((resolve) => {
      const limit = setTimeout(() => resolve(`takes longer than ${LIMIT / 1000} seconds`), LIMIT)
      const end = (result: Answer | string) => {
        clearTimeout(limit)
        worker.off('exit', exited)
        worker.off('message', end)
        resolve(result)
      }
      const exited = (code: number | null, signal: string | null) =>
        end(`has ended its process: ${signal ?? `exit code ${code}`}`)
      worker.once('exit', exited)
      worker.once('message', end)
      worker.send({ plan, verbose } satisfies Job)
    })
    if (typeof answer === 'string') {
      this.close()
      return failed('hangs', `The run ${answer}`)
    }
    const { outcome, heap } = answer
    if (heap <= MOST_HEAP || outcome.failure !== null) return outcome
    return {
      ...outcome,
      ...failed('leak', `The process uses ${Math.round(heap / 2 ** 20)} MiB when the run is over`),
    }
  }

  close(): void {
    this.#worker?.kill('SIGKILL')
    this.#worker = null
  }

  #start(): ChildProcess {
    const worker = fork(fileURLToPath(new URL('../dist/worker.js', import.meta.url)), {
      execArgv: ['--expose-gc', '--no-warnings', ...this.#execArgv],
      // Hypercore prints conflicts.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, ...this.#environment },
    })
    this.#worker = worker
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = null
    })
    return worker
  }
}

function failed(kind: FailureKind, message: string): Outcome {
  return { failure: { kind, message }, digest: '', log: [], duration: 0, counts: {} }
}
