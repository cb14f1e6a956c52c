// A node of a DHT: joined for as long as something needs it, and left without waiting for those that do not answer.

import { CoreyardError } from '@coreyard/corestore'
import type { KeyPair } from '@coreyard/hypercore-types'
import type DHT from 'hyperdht'
import { CommandError, ExitCode } from './errors.js'
import type { Address, NetworkOptions } from './network-options.js'

export interface NodeOptions extends NetworkOptions {
  /** Of its connections; a random one by default. */
  readonly keyPair?: KeyPair | undefined
}

/**
 * Calls `use` with a node of a network, which leaves the network afterwards.
 *
 * @param use calls `leave` before it closes what works with the node: from then on, as after an abort, silence of the network ends the wait
 */
export async function withNode<T>(
  { bootstrap, signal, keyPair }: NodeOptions,
  use: (node: DHT, leave: () => void) => Promise<T>,
): Promise<T> {
  const node = await joinNetwork(bootstrap, keyPair)
  const departure = new Departure(node)
  const leave = () => departure.begin()
  signal.addEventListener('abort', leave)
  if (signal.aborted) leave()
  try {
    return await use(node, leave)
  } catch (error) {
    // A node that was destroyed fails what waits for it.
    const isOwn = error instanceof CommandError || error instanceof CoreyardError
    if (isOwn || !signal.aborted || !departure.isForced) throw error
    const message = 'The command was ended before it had joined the network'
    throw new CommandError(ExitCode.interrupted, 'INTERRUPTED', message)
  } finally {
    signal.removeEventListener('abort', leave)
    leave()
    await node.destroy()
    departure.end()
  }
}

/** A node of a DHT, whose connections are those of `keyPair`; of a random one by default. */
export async function joinNetwork(bootstrap: readonly Address[], keyPair?: KeyPair): Promise<DHT> {
  // It takes longer to import than most commands take.
  const { default: Node } = await import('hyperdht')
  if (bootstrap.length === 0) return new Node({ keyPair })
  // On loopback no firewall stands between peers: without hole punching they connect at the first try.
  const isLoopback = bootstrap.every(({ host }) => host === 'localhost' || host.startsWith('127.'))
  const here = isLoopback ? { host: '127.0.0.1', firewalled: false, ephemeral: true } : {}
  return new Node({ bootstrap: [...bootstrap], keyPair, ...here })
}

/** For how long a node that leaves waits for the next answer of the network, in milliseconds. A node that does not answer is asked for seconds. */
const SILENCE = 1500

/** A node that leaves its network. As soon as nothing answers, it leaves without a farewell, and what waits for an answer fails. */
class Departure {
  readonly #node: DHT
  #timer: NodeJS.Timeout | undefined
  #isForced = false

  constructor(node: DHT) {
    this.#node = node
  }

  /** Whether it left without a farewell. */
  get isForced(): boolean {
    return this.#isForced
  }

  begin(): void {
    // A node that has not joined yet has announced nothing.
    if (!this.#node.bootstrapped) this.#destroy()
    else if (this.#timer === undefined) this.#waitForAnswers()
  }

  #waitForAnswers(): void {
    const { responses } = this.#node.stats.requests
    this.#timer = setTimeout(() => {
      if (this.#node.stats.requests.responses > responses) this.#waitForAnswers()
      else this.#destroy()
    }, SILENCE)
  }

  end(): void {
    clearTimeout(this.#timer)
  }

  #destroy(): void {
    this.#isForced = true
    this.#node.destroy({ force: true }).catch(() => {}) // it is destroyed again with what works with it
  }
}
