// `store.notifyGroup`: who wants to hear when a core of a group changes, and the handle that tells them.

import { EventEmitter } from 'node:events'
import type {
  Bytes,
  CorestoreStorage,
  EmitterConstructor,
  GroupUpdate,
  ReadStream,
} from '@coreyard/hypercore-types'
import { badArgument, describe } from '../errors/errors.js'
import { readOptions } from '../options/store-options.js'
import { keep } from '../user-code/wrappable.js'

/** Which changes `updates` gives. */
export interface GroupUpdatesOptions {
  /** Only those since then, in milliseconds since 1970. Default: all. */
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

/** Tells of the changes of a group's cores, until it is destroyed or the store that made it closes. */
export class GroupNotifyHandle extends TypedEmitter {
  /** @internal */
  declare readonly [GROUP]: () => GroupListener

  /** @internal */
  constructor(group: Group, closing: AbortSignal, read: ReadUpdates) {
    super()
    keep(this, GROUP, new GroupListener(this, group, closing, read))
  }

  /** The keys (32 bytes) of the group's cores, by when they last changed: a stream of `streamx`. */
  updates(options: GroupUpdatesOptions = {}): ReadStream<Bytes> {
    return this[GROUP]().updates(options)
  }

  /** Tells nothing from now on. */
  destroy(): void {
    this[GROUP]().destroy()
  }
}

/** What is behind a handle. */
class GroupListener {
  readonly #handle: GroupNotifyHandle
  readonly #group: Group
  readonly #closing: AbortSignal
  readonly #read: ReadUpdates

  constructor(handle: GroupNotifyHandle, group: Group, closing: AbortSignal, read: ReadUpdates) {
    this.#handle = handle
    this.#group = group
    this.#closing = closing
    this.#read = read
    group.handles.add(handle)
    closing.addEventListener('abort', this.destroy)
  }

  updates(options: GroupUpdatesOptions): ReadStream<Bytes> {
    return this.#read(this.#group.topic, options)
  }

  readonly destroy = (): void => {
    this.#closing.removeEventListener('abort', this.destroy)
    this.#group.handles.delete(this.#handle)
    if (this.#group.handles.size === 0) this.#group.empty()
  }
}

/**
 * Checks the options of `updates`. Throws BAD_ARGUMENT.
 *
 * @internal
 */
export function readUpdatesOptions(options: GroupUpdatesOptions): GroupUpdatesOptions {
  const { since, reverse } = readOptions(options)
  if (since !== undefined && !(Number.isFinite(since) && since >= 0)) {
    throw badArgument(`since must be milliseconds since 1970, not ${describe(since)}`)
  }
  if (reverse !== undefined && typeof reverse !== 'boolean') {
    throw badArgument(`reverse must be true or false, not ${describe(reverse)}`)
  }
  return options
}

/** @internal */
export interface Group {
  readonly topic: Bytes
  readonly handles: Set<GroupNotifyHandle>
  /** Its last handle has gone. */
  empty(): void
}

/** The keys (32 bytes) of the cores of a group, by when they last changed. */
export async function* groupUpdates(
  storage: CorestoreStorage,
  topic: Uint8Array,
  options: GroupUpdatesOptions,
): AsyncGenerator<Bytes, void, undefined> {
  const group = await storage.getGroup(topic)
  if (group !== null) yield* storage.createGroupUpdateStream(group, options)
}
