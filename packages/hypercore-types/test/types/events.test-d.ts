// What the compiler must say about events. Checked by `tsc -p test`; nothing here runs.

import { EventEmitter } from 'node:events'
import { test } from 'vitest'
import type { Emitter, EmitterConstructor, Hypercore, Peer, TreeProof } from '../../src/index.js'
import { expectType } from './expect-type.js'

declare const core: Hypercore

test('a listener knows the arguments of its event', () => {
  core.on('append', (...args) => expectType(args).is<[]>())
  core.once('truncate', (...args) => expectType(args).is<[length: number, fork: number]>())
  core.on('peer-add', (peer) => expectType(peer).is<Peer>())
  core.on('download', (index, byteLength, peer) => {
    expectType(index).is<number>()
    expectType(byteLength).is<number>()
    expectType(peer).is<Peer>()
  })
  core.on('conflict', (_length, _fork, proof) => expectType(proof).is<TreeProof>())
  core.off('close', () => {})
})

test('an unknown event is an error', () => {
  // @ts-expect-error -- it is peer-add
  core.on('peer', () => {})
  // @ts-expect-error -- there are two arguments, and both are numbers
  core.on('truncate', (length: string) => length)
  // @ts-expect-error -- an argument is missing
  core.emit('truncate', 1)
})

interface Events {
  opened: []
  failed: [error: Error]
}

test('a class can extend a typed emitter, made of that of Node.js', () => {
  const TypedEmitter: EmitterConstructor<Events> = EventEmitter
  class Store extends TypedEmitter {}
  const store = new Store()

  expectType(store).fits<Emitter<Events>>()
  expectType(store.on('opened', () => {})).is<Store>()
  store.on('failed', (error) => expectType(error).is<Error>())
  // @ts-expect-error -- there is no such event
  store.emit('closed')
})

test('a typed emitter can be passed where Node.js takes an emitter', () => {
  expectType(core).fits<NodeJS.EventEmitter>()
})
