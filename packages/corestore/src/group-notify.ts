// `store.notifyGroup`: who wants to hear when a core of a group changes, and the handle that tells them.

import { EventEmitter } from 'node:events'
import type { EmitterConstructor, GroupUpdate } from '@coreyard/hypercore-types'
import b4a from 'b4a'

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

/** Reads the keys of a group's cores from the storage. */
type ReadUpdates = (topic: Uint8Array, options: GroupUpdatesOptions) => AsyncIterableIterator<Uint8Array>

const TypedEmitter: EmitterConstructor<GroupEvents> = EventEmitter

/** Tells of the changes of a group's cores. */
export class GroupNotifyHandle extends TypedEmitter {
  readonly #group: Group
  readonly #read: ReadUpdates

  /** @internal */
  constructor(group: Group, read: ReadUpdates) {
    super()
    this.#group = group
    this.#read = read
    group.handles.add(this)
  }

  /** The keys (32 bytes) of the group's cores, by when they last changed. */
  updates(options: GroupUpdatesOptions = {}): AsyncIterableIterator<Uint8Array> {
    return this.#read(this.#group.topic, options)
  }

  /** Tells nothing from now on. */
  destroy(): void {
    this.#group.handles.delete(this)
    if (this.#group.handles.size === 0) this.#group.empty()
  }
}

interface Group {
  readonly topic: Uint8Array
  readonly handles: Set<GroupNotifyHandle>
  /** Its last handle has gone. */
  empty(): void
}

/** The handles of a store and all its sessions, by topic. */
export class GroupNotifiers {
  readonly #groups = new Map<string, Group>()

  /** @param topic 32 bytes */
  handle(topic: Uint8Array, read: ReadUpdates): GroupNotifyHandle {
    const id = b4a.toString(topic, 'hex')
    let group = this.#groups.get(id)
    if (group === undefined) {
      group = { topic, handles: new Set(), empty: () => this.#groups.delete(id) }
      this.#groups.set(id, group)
    }
    return new GroupNotifyHandle(group, read)
  }

  /** A core of the group has changed. */
  notify(topic: Uint8Array, update: GroupUpdate): void {
    const group = this.#groups.get(b4a.toString(topic, 'hex'))
    if (group !== undefined) for (const handle of [...group.handles]) handle.emit('update', update)
  }
}
