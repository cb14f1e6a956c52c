// The keys and the values of the records of hypercore-storage 3.3: its lib/keys.js, and its schema. The package itself does not export
// them. Code that reads or writes records without hypercore-storage's batches uses these.

import type { Alias, CoreAuth, CoreHead, CoreHints, CorePointer, TreeNode } from '@coreyard/hypercore-types'
import generatedSchema from 'hypercore-storage/encoding/spec/hyperschema/index.js'
import storageKeys from 'hypercore-storage/lib/keys.js'

/** The first record of a store. */
export interface StoreHead {
  readonly version: number
  /** How many of each have been created. */
  readonly cores: number
  readonly datas: number
  readonly groups: number
  /** The primary key: 32 bytes. */
  readonly seed: Uint8Array | null
  readonly defaultDiscoveryKey: Uint8Array | null
}

/** Makes the keys of records. A range ends before the key of the next number. Copy a key that you keep: its memory may be reused. */
export interface RecordKeys {
  readonly store: {
    head(): Uint8Array
    coreStart(): Uint8Array
    discoveryKey(key: Uint8Array): Uint8Array
    core(discoveryKey: Uint8Array): Uint8Array
    coreByAlias(alias: Alias): Uint8Array
  }
  readonly core: {
    core(corePointer: number): Uint8Array
    data(dataPointer: number): Uint8Array
    auth(corePointer: number): Uint8Array
    head(dataPointer: number): Uint8Array
    hints(dataPointer: number): Uint8Array
    block(dataPointer: number, index: number): Uint8Array
    tree(dataPointer: number, index: number): Uint8Array
    bitfield(dataPointer: number, index: number, type: 0): Uint8Array
    userData(dataPointer: number, key: string): Uint8Array
  }
  readonly group: {
    entry(group: number, timestamp: number, corePointer: number): Uint8Array
  }
}

/** Encodes and decodes the values of records. */
export interface RecordSchema {
  encode(record: '@corestore/head', head: StoreHead): Uint8Array
  encode(record: '@corestore/core', core: CorePointer): Uint8Array
  encode(record: '@core/auth', auth: CoreAuth): Uint8Array
  encode(record: '@core/head', head: CoreHead): Uint8Array
  encode(record: '@core/hints', hints: CoreHints): Uint8Array
  encode(record: '@core/tree-node', node: TreeNode): Uint8Array
  decode(record: '@corestore/head', value: Uint8Array): StoreHead
  decode(record: '@corestore/core', value: Uint8Array): CorePointer
  decode(record: '@core/hints', value: Uint8Array): CoreHints
  decode(record: '@core/tree-node', value: Uint8Array): TreeNode
}

export const keys = storageKeys as RecordKeys
export const schema = generatedSchema as RecordSchema
