// A program that the demo started, and its messages.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** A child process that sends messages of type `Message`, each with a `type` of its own. */
export class Child<Message extends { readonly type: string }> {
  readonly #process: ChildProcess
  readonly #exited: Promise<unknown>

  /** Starts a program of this folder. What it prints to standard output is dropped, its errors are shown. */
  constructor(program: string, args: readonly string[]) {
    const file = new URL(program, import.meta.url)
    // A process group of its own: Ctrl-C reaches the demo alone, which then ends its children in order.
    this.#process = fork(file, args, { stdio: ['pipe', 'ignore', 'inherit', 'ipc'], detached: true })
    this.#exited = once(this.#process, 'exit')
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
      this.on(type, resolve)
      this.#process.once('error', reject)
      this.#process.once('exit', (code) => reject(new Error(`A program ended early, with status ${code}`)))
    })
  }

  send(message: object): void {
    this.#process.send(message)
  }

  /** Asks the program to end, and waits until it has. */
  async end(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.#process.kill('SIGTERM')
    await this.#exited
  }
}
