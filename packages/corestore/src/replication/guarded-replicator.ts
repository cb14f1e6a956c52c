// The store's side of its replicator. The replicator may be custom. If it throws, rejects or never settles, cores must still open, and the
// store must still close.

import type { ReplicationStream } from '@coreyard/hypercore-types'
import {
  type CoreSource,
  type ReplicableCore,
  type ReplicateOptions,
  type ReplicationTarget,
  type Replicator,
  readReplicateArguments,
  type SharedStream,
  type StreamView,
} from '@coreyard/replicator'
import { CorestoreError } from '../errors/errors.js'

/** How long a replicator may take to close, in milliseconds. After that the store closes without it. */
const CLOSE_LIMIT = 2000

export class GuardedReplicator {
  readonly #replicator: Replicator
  readonly #warn: (error: unknown) => void
  /** The streams that have not closed. */
  readonly #streams = new Set<ReplicationStream>()

  /** @param warn called with errors of the replicator that no caller receives */
  constructor(replicator: Replicator, warn: (error: unknown) => void) {
    this.#replicator = replicator
    this.#warn = warn
  }

  /** Throws what the replicator throws: then the store is not made. */
  start(source: CoreSource): void {
    this.#catch(this.#replicator.start(source))
  }

  /** Throws what the replicator throws. A stream that was passed in, as whichever argument, becomes the target. */
  replicate(target: ReplicationTarget, options?: ReplicateOptions | SharedStream): ReplicationStream {
    const { stream, keepAlive, noise } = readReplicateArguments(target, options)
    const made = this.#replicator.replicate(stream ?? target, { ...noise, keepAlive })
    this.#watch(made)
    return made
  }

  /** Whether there are connections, even if their handshakes are not done. */
  get isConnected(): boolean {
    return this.#streams.size > 0
  }

  /** A custom replicator may return any value, and the same stream more than once. */
  #watch(stream: ReplicationStream): void {
    if (this.#streams.has(stream) || typeof stream?.once !== 'function' || stream.destroyed) return
    this.#streams.add(stream)
    stream.once('close', () => this.#streams.delete(stream))
  }

  offer(core: ReplicableCore): void {
    this.#attempt(() => this.#replicator.offer(core))
  }

  stored(discoveryKey: Uint8Array): void {
    this.#attempt(() => this.#replicator.stored?.(discoveryKey))
  }

  /** The current streams, if the replicator has the method `streams`. */
  streams(): StreamView[] {
    return this.#attempt(() => [...(this.#replicator.streams?.() ?? [])]) ?? []
  }

  /** @throws CorestoreError `UNSUPPORTED` if the replicator has no `revoke`; and what that throws */
  revoke(discoveryKey?: Uint8Array, remotePublicKey?: Uint8Array): void {
    if (this.#replicator.revoke === undefined) throw noRevoke()
    this.#catch(this.#replicator.revoke(discoveryKey, remotePublicKey))
  }

  /** Rejects if the replicator fails to close, or has not closed in time. */
  async close(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(notClosed()), CLOSE_LIMIT)
    })
    try {
      await Promise.race([this.#replicator.close(), late])
    } finally {
      clearTimeout(timer)
    }
  }

  #attempt<T>(run: () => T): T | undefined {
    try {
      const result = run()
      this.#catch(result)
      return result
    } catch (error) {
      this.#warn(error)
      return undefined
    }
  }

  /** Also catches a rejection: a method whose result is not awaited may be async nevertheless. */
  #catch(result: unknown): void {
    if (result instanceof Promise) result.catch(this.#warn)
  }
}

function noRevoke(): CorestoreError {
  return new CorestoreError(
    'UNSUPPORTED',
    'This store has a replicator that cannot take permissions back: it needs a method revoke(discoveryKey, remotePublicKey)',
  )
}

function notClosed(): CorestoreError {
  return new CorestoreError(
    'CLOSE_FAILED',
    `The replicator did not close within ${CLOSE_LIMIT} ms: its close() must settle`,
  )
}
