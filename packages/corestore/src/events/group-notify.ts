// `store.notifyGroup`: the handle that emits an event when a core of a group changes, and lists the cores of the group.

import { EventEmitter } from 'node:events'
import type {
  Bytes,
  CorestoreStorage,
  EmitterConstructor,
  GroupUpdate,
  ReadStream,
} from '@coreyard/hypercore-types'
import { badArgument, describe } from '../errors/errors.js'
import type { Lifetime } from '../lifetime/lifetime.js'
import { readOptions } from '../options/store-options.js'
import { keep } from '../user-code/wrappable.js'

/** The options of `updates`: which cores it lists, and in which order. */
export interface GroupUpdatesOptions {
  /** List only cores that changed since this time, in milliseconds since 1970. Default: all. */
  since?: number | undefined
  /** `false`: oldest first. Default: `true`, newest first. */
  reverse?: boolean | undefined
}

interface GroupEvents {
  /** A core of the group has grown or was truncated. */
  update: [update: GroupUpdate]
}

/**
 * Reads the keys of a group's cores from the storage.
 *
 * @internal
 */
export type ReadUpdates = (topic: Uint8Array, options: GroupUpdatesOptions) => ReadStream<Bytes>

const TypedEmitter: EmitterConstructor<GroupEvents> = EventEmitter

const GROUP = Symbol('@coreyard/corestore/group')

/** Emits `update` when a core of a group changes, until it is destroyed or the store that made it closes. */
export class GroupNotifyHandle extends TypedEmitter {
  /** @internal */
  declare readonly [GROUP]: () => GroupListener

  /** @internal */
  constructor(group: Group, lifetime: Lifetime, read: ReadUpdates) {
    super()
    keep(this, GROUP, new GroupListener(this, group, lifetime, read))
  }

  /**
   * Returns a `streamx` stream of the keys (32 bytes each) of the group's cores, ordered by the time of their last change.
   *
   * @throws CorestoreError `BAD_ARGUMENT` for an invalid option; `SESSION_CLOSED` once the store is closing
   */
  updates(options: GroupUpdatesOptions = {}): ReadStream<Bytes> {
    return this[GROUP]().updates(options)
  }

  /** Stops the `update` events. */
  destroy(): void {
    this[GROUP]().destroy()
  }
}

/** The private state of a handle. */
class GroupListener {
  readonly #handle: GroupNotifyHandle
  readonly #group: Group
  readonly #read: ReadUpdates
  readonly #leave: () => void

  constructor(handle: GroupNotifyHandle, group: Group, lifetime: Lifetime, read: ReadUpdates) {
    this.#handle = handle
    this.#group = group
    this.#read = read
    group.handles.add(handle)
    this.#leave = lifetime.whenClosing(this.destroy)
  }

  updates(options: GroupUpdatesOptions): ReadStream<Bytes> {
    return this.#read(this.#group.topic, options)
  }

  readonly destroy = (): void => {
    this.#leave()
    this.#group.handles.delete(this.#handle)
    if (this.#group.handles.size === 0) this.#group.empty()
  }
}

/**
 * Checks the options of `updates`, and copies them. Throws BAD_ARGUMENT.
 *
 * @internal
 */
export function readUpdatesOptions(options: GroupUpdatesOptions): GroupUpdatesOptions {
  const { since, reverse } = readOptions(options, ['since', 'reverse'])
  if (since !== undefined && !(Number.isFinite(since) && since >= 0)) {
    throw badArgument(`since must be milliseconds since 1970, not ${describe(since)}`)
  }
  if (reverse !== undefined && typeof reverse !== 'boolean') {
    throw badArgument(`reverse must be true or false, not ${describe(reverse)}`)
  }
  return { since, reverse }
}

/** @internal */
export interface Group {
  readonly topic: Bytes
  readonly handles: Set<GroupNotifyHandle>
  /** Called when its last handle is destroyed. */
  empty(): void
}

/** Yields the keys (32 bytes) of the cores of a group, ordered by the time of their last change. */
export async function* groupUpdates(
  storage: CorestoreStorage,
  topic: Uint8Array,
  options: GroupUpdatesOptions,
): AsyncGenerator<Bytes, void, undefined> {
  const group = await storage.getGroup(topic)
  if (group !== null) yield* storage.createGroupUpdateStream(group, options)
}
