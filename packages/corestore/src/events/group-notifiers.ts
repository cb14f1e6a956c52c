// The handles of `store.notifyGroup` (group-notify.ts), by topic.

import type { Bytes, GroupUpdate } from '@coreyard/hypercore-types'
import b4a from 'b4a'
import type { Lifetime } from '../lifetime/lifetime.js'
import { copiedUpdate } from '../options/copied-options.js'
import { emitTo } from '../user-code/emit.js'
import { type Group, GroupNotifyHandle, type ReadUpdates } from './group-notify.js'

/** The handles of a store and all its sessions, by topic. */
export class GroupNotifiers {
  readonly #groups = new Map<string, Group>()

  /**
   * @param topic 32 bytes
   * @param lifetime that of the store that makes the handle, which ends with it
   */
  handle(topic: Bytes, lifetime: Lifetime, read: ReadUpdates): GroupNotifyHandle {
    const id = b4a.toString(topic, 'hex')
    let group = this.#groups.get(id)
    if (group === undefined) {
      const made: Group = { topic, handles: new Set(), empty: () => this.#forget(id, made) }
      group = made
      this.#groups.set(id, group)
    }
    return new GroupNotifyHandle(group, lifetime, read)
  }

  /** A core of the group has changed. */
  notify(topic: Uint8Array, update: GroupUpdate): void {
    const group = this.#groups.get(b4a.toString(topic, 'hex'))
    if (group === undefined) return
    for (const handle of [...group.handles]) emitTo(handle, 'update', copiedUpdate(update))
  }

  #forget(id: string, group: Group): void {
    if (this.#groups.get(id) === group) this.#groups.delete(id)
  }
}
