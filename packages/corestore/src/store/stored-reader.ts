// What one store reads from the storage: lists of cores, their audit, their identities, and the updates of groups. All readings end when
// the store closes.

import type { Bytes, CoreAuth, ReadStream } from '@coreyard/hypercore-types'
import { explainCore } from '@coreyard/storage'
import { CoreList } from '../cores/core-list.js'
import { type GroupNotifyHandle, groupUpdates, readUpdatesOptions } from '../events/group-notify.js'
import { Readings } from '../lifetime/readings.js'
import { namedKeys, stored } from '../lookup/named-cores.js'
import type { StoredCore, StoredOptions } from '../names/stored-core.js'
import { checkBoolean, readKey } from '../options/core-options.js'
import type { CoreKey } from '../options/get-options.js'
import { readNamespace } from '../options/namespaces.js'
import { readOptions } from '../options/store-options.js'
import {
  type AuditedCores,
  type AuditStoreOptions,
  auditCores,
  type CoreAudit,
} from '../records/core-audit.js'
import type { Store } from './store.js'

export class StoredReader {
  readonly #store: Store
  readonly #readings: Readings

  constructor(store: Store) {
    this.#store = store
    this.#readings = new Readings(store.lifetime)
  }

  list(): CoreList {
    this.#store.assertOpen()
    const { cores, events } = this.#store.shared
    return new CoreList(
      cores,
      (open) => events.sessionFor(open, this.#store.settings),
      () => this.#readings.iterate(this.#opened(() => this.#store.storage.createDiscoveryKeyStream())),
    )
  }

  listNamespace(namespace: Uint8Array): ReadStream<Bytes> {
    this.#store.assertOpen()
    const wanted = readNamespace(namespace)
    return this.#readings.stream(
      this.#opened(() => namedKeys(this.#store.storage, this.#store.filedUnder(wanted))),
    )
  }

  stored(options: StoredOptions): AsyncIterableIterator<StoredCore> {
    this.#store.assertOpen()
    const { namespace = null } = readOptions(options, ['namespace'])
    const wanted = namespace === null ? null : readNamespace(namespace)
    return this.#readings.iterate(
      this.#opened(() => stored(this.#store.storage, wanted, wanted && this.#store.filedUnder(wanted))),
    )
  }

  audit(options: AuditStoreOptions): AsyncIterableIterator<CoreAudit> {
    this.#store.assertOpen()
    const { dryRun = false } = readOptions(options, ['dryRun'])
    checkBoolean('dryRun', dryRun)
    const { cores } = this.#store.shared
    const audited: AuditedCores = {
      open: (discoveryKey) => this.#store.get({ discoveryKey, active: false }),
      exclusively: (core, work) => cores.exclusively(core, work),
      delete: (discoveryKey) => this.#store.shared.delete(discoveryKey, { force: false, compact: true }),
    }
    const isDry = dryRun || this.#store.settings.readOnly
    return this.#readings.iterate(
      this.#opened(() => auditCores(this.#store.storage, audited, { dryRun: isDry })),
    )
  }

  notifyGroup(topic: Uint8Array): GroupNotifyHandle {
    this.#store.assertOpen()
    return this.#store.shared.groups.handle(readKey('topic', topic), this.#store.lifetime, (group, given) => {
      this.#store.assertOpen()
      const options = readUpdatesOptions(given)
      return this.#readings.stream(this.#opened(() => groupUpdates(this.#store.storage, group, options)))
    })
  }

  /** Yields what `read` returns, once the store is open. */
  async *#opened<T>(read: () => AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    await this.#store.whenOpen()
    yield* read()
  }

  async getAuth(discoveryKey: CoreKey): Promise<CoreAuth | null> {
    this.#store.assertOpen()
    const wanted = readKey('discoveryKey', discoveryKey)
    await this.#store.whenOpen()
    const { storage } = this.#store
    return storage.getAuth(wanted).catch(async (error: unknown) => {
      throw await explainCore(error, storage, wanted)
    })
  }
}
