// A program that the demo started, and its messages.

import { type ChildProcess, fork } from 'node:child_process'

/** A child process that sends messages of type `Message`, each with a `type` of its own. */
export class Child<Message extends { readonly type: string }> {
  readonly #process: ChildProcess
  readonly #exited: Promise<unknown>

  /** Starts a program of this folder. What it prints to standard output is dropped, its errors are shown. */
  constructor(program: string, args: readonly string[]) {
    const file = new URL(program, import.meta.url)
    // A process group of its own: Ctrl-C reaches the demo alone, which then ends its children in order.
    this.#process = fork(file, args, { stdio: ['pipe', 'ignore', 'inherit', 'ipc'], detached: true })
    this.#exited = new Promise((resolve) => {
      this.#process.once('exit', resolve)
      this.#process.once('error', resolve)
    })
    // Writing to a program that has ended fails; that it has ended is told by `next`.
    this.#process.stdin?.on('error', () => {})
  }

  get input(): NodeJS.WritableStream {
    if (this.#process.stdin === null) throw new Error('The child was started with a pipe for its input')
    return this.#process.stdin
  }

  /** Calls `listener` with every message of a type. */
  on<Type extends Message['type']>(
    type: Type,
    listener: (message: Extract<Message, { type: Type }>) => void,
  ): void {
    this.#process.on('message', (message: Message) => {
      if (message.type === type) listener(message as Extract<Message, { type: Type }>)
    })
  }

  /** The next message of a type. Rejects if the program ends before. */
  next<Type extends Message['type']>(type: Type): Promise<Extract<Message, { type: Type }>> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`A program ended early, with status ${this.#status}`))
      if (this.#status !== null) return ended()
      this.on(type, resolve)
      this.#process.once('error', reject)
      this.#process.once('exit', ended)
    })
  }

  send(message: object): void {
    this.#process.send(message)
  }

  /** Asks the program to end, and waits until it has. */
  async end(): Promise<void> {
    if (this.#status === null) this.#process.kill('SIGTERM')
    await this.#exited
  }

  /** How the program ended; `null` if it has not. */
  get #status(): number | NodeJS.Signals | null {
    return this.#process.exitCode ?? this.#process.signalCode
  }
}
