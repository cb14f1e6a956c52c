import b4a from 'b4a'
import Hypercore from 'hypercore'
import { expect, test } from 'vitest'
import type {
  Download,
  Extension,
  HypercoreConstructor,
  HypercoreInfo,
  Hypercore as Session,
  TreeBatch,
  TreeProof,
} from '../../src/index.js'
import { emitterMembers } from './emitter-members.js'
import { type Members, missingMembers } from './members.js'
import { connect, openCore } from './stores.js'

const sessionMembers: Members<Session> = {
  ...emitterMembers,
  id: 'string',
  key: 'bytes',
  discoveryKey: 'bytes',
  keyPair: 'object',
  manifest: 'object',
  length: 'number',
  signedLength: 'number',
  byteLength: 'number',
  contiguousLength: 'number',
  remoteContiguousLength: 'number',
  fork: 'number',
  padding: 'number',
  writable: 'boolean',
  readable: 'boolean',
  opening: 'object',
  opened: 'boolean',
  closing: 'object',
  closed: 'boolean',
  snapshotted: 'boolean',
  exclusive: 'boolean',
  weak: 'boolean',
  wait: 'boolean',
  timeout: 'number',
  waits: 'number',
  recovering: 'number',
  peers: 'object',
  sessions: 'object',
  core: 'object',
  state: 'object',
  replicator: 'object',
  encryption: 'object',
  extensions: 'object',
  globalCache: 'object',
  activeRequests: 'object',
  ready: 'method',
  close: 'method',
  append: 'method',
  truncate: 'method',
  get: 'method',
  has: 'method',
  count: 'method',
  seek: 'method',
  update: 'method',
  clear: 'method',
  clearRequests: 'method',
  download: 'method',
  createReadStream: 'method',
  createByteStream: 'method',
  createWriteStream: 'method',
  session: 'method',
  snapshot: 'method',
  commit: 'method',
  treeHash: 'method',
  signable: 'method',
  proof: 'method',
  applyProof: 'method',
  verifyFullyRemote: 'method',
  missingNodes: 'method',
  info: 'method',
  getManifest: 'method',
  replicate: 'method',
  findingPeers: 'method',
  setActive: 'method',
  setAlwaysLatestBlock: 'method',
  registerExtension: 'method',
  setKeyPair: 'method',
  setEncryptionKey: 'method',
  setEncryption: 'method',
  setUserData: 'method',
  getUserData: 'method',
  setGroup: 'method',
  startMarking: 'method',
  markBlock: 'method',
  clearMarkings: 'method',
  sweep: 'method',
  recover: 'method',
  compact: 'method',
  purge: 'method',
}

const staticMembers: Members<HypercoreConstructor> = {
  MAX_SUGGESTED_BLOCK_SIZE: 'number',
  key: 'method',
  discoveryKey: 'method',
  blockEncryptionKey: 'method',
  parseManifest: 'method',
  createCore: 'method',
  createProtocolStream: 'method',
  setRecoveryPeers: 'method',
  treeHashFromStorage: 'method',
  getProtocolMuxer: 'method',
  defaultStorage: 'method',
}

const infoMembers: Members<HypercoreInfo> = {
  key: 'bytes',
  discoveryKey: 'bytes',
  length: 'number',
  contiguousLength: 'number',
  byteLength: 'number',
  fork: 'number',
  padding: 'number',
}

const downloadMembers: Members<Download> = {
  range: 'object',
  opened: 'boolean',
  ready: 'method',
  done: 'method',
  destroy: 'method',
}

const extensionMembers: Members<Extension<Uint8Array>> = {
  name: 'string',
  send: 'method',
  broadcast: 'method',
  destroy: 'method',
}

const proofMembers: Members<TreeProof> = {
  fork: 'number',
  block: 'object',
  hash: 'object',
  seek: 'object',
  upgrade: 'object',
  manifest: 'object',
}

const batchMembers: Members<TreeBatch> = {
  fork: 'number',
  length: 'number',
  byteLength: 'number',
  roots: 'object',
  signature: 'bytes',
  upgraded: 'boolean',
  hash: 'method',
}

test('a session has the members that its type declares', async () => {
  const core = await openCore()
  await core.append(['a', 'b'])

  expect(missingMembers(core, sessionMembers)).toEqual([])
  expect(missingMembers(await core.info(), infoMembers)).toEqual([])
  expect(missingMembers(core.download({ start: 0, end: 2 }), downloadMembers)).toEqual([])
  expect(missingMembers(core.registerExtension('test'), extensionMembers)).toEqual([])
})

test('the class has the members that its type declares', () => {
  expect(missingMembers(Hypercore, staticMembers)).toEqual([])
})

test('a proof and the tree that it leads to have the members that their types declare', async () => {
  const core = await openCore()
  await core.append(['a', 'b'])
  const proof = await core.proof({ block: { index: 0, nodes: 0 }, upgrade: { start: 0, length: 2 } })

  expect(missingMembers(proof, proofMembers)).toEqual([])
  expect(missingMembers(await core.verifyFullyRemote(proof), batchMembers)).toEqual([])
})

test('a proof with the manifest is enough to take a length and a block over', async () => {
  const writer = await openCore()
  await writer.append(['a', 'b'])
  const reader = await openCore(writer.key)
  const proof = await writer.proof({ block: { index: 0, nodes: 0 }, upgrade: { start: 0, length: 2 } })

  expect(proof.manifest).toBeNull()
  expect(await reader.applyProof({ ...proof, manifest: writer.manifest })).toBe(true)
  expect(reader.length).toBe(2)
  expect(await reader.get(0, { wait: false })).toEqual(await writer.get(0))
})

test('append appends nothing past maxLength', async () => {
  const core = await openCore()
  await core.append('a')

  expect(await core.append(['b', 'c'], { maxLength: 2 })).toEqual({ length: 1, byteLength: 1 })
})

test('fields that are known later are null or empty before, as their types say', async () => {
  const core = new Hypercore(null, { preload: openCore().then(({ core }) => ({ core })) })

  expect(core).toMatchObject({
    key: null,
    id: null,
    core: null,
    state: null,
    keyPair: null,
    length: 0,
    peers: [],
  })
  expect(core.replicator).toBeNull()
  await core.ready()
  expect(core.key).toBeInstanceOf(Uint8Array)
  await core.close()
})

test('values are of the type that the encoding says', async () => {
  const core = await openCore()
  await core.append('text')
  await core.session({ valueEncoding: 'json' }).append({ a: 1 })

  expect(await core.get(0)).toBeInstanceOf(Uint8Array)
  expect(await core.get(0, { valueEncoding: 'utf-8' })).toBe('text')
  expect(await core.get(1, { valueEncoding: 'json' })).toEqual({ a: 1 })
  expect(await core.get(1, { valueEncoding: 'json', raw: true })).toBeInstanceOf(Uint8Array)
  expect(await core.get(9, { wait: false })).toBeNull()
})

test('a session of a session does not take its value encoding over', async () => {
  const core = await openCore()
  const text = core.session({ valueEncoding: 'utf-8' })
  await text.append('text')

  expect(await text.get(0)).toBe('text')
  expect(await text.session().get(0)).toBeInstanceOf(Uint8Array)
  expect(await text.snapshot().get(0)).toBeInstanceOf(Uint8Array)
})

test('events come with the arguments that their types say', async () => {
  const writer = await openCore()
  const reader = await openCore(writer.key)
  const truncated = new Promise((resolve) => writer.once('truncate', (...args) => resolve(args)))
  await writer.append(['a', 'b', 'c'])
  await writer.truncate(1)
  expect(await truncated).toEqual([1, 1])

  const uploaded = new Promise<unknown[]>((resolve) => writer.once('upload', (...args) => resolve(args)))
  const downloaded = new Promise<unknown[]>((resolve) => reader.once('download', (...args) => resolve(args)))
  connect(writer, reader)
  expect(await reader.get(0)).toEqual(await writer.get(0))
  expect((await uploaded).slice(0, 2)).toEqual([0, 1])
  expect((await downloaded).slice(0, 2)).toEqual([0, 1])
  expect((await uploaded)[2]).toBe(writer.peers[0])
})

test('count tells how many blocks of a range are here', async () => {
  const core = await openCore()
  await core.append(['a', 'b', 'c', 'd'])
  await core.clear(1)
  const snapshot = core.snapshot()

  expect(await core.count(0, 4)).toBe(3)
  expect(await core.count(1, 3)).toBe(1)
  expect(await snapshot.count(0, 4)).toBe(3)
  await snapshot.close()
})

test('readBlock of a session state gives the bytes of a stored block, and null for another', async () => {
  const core = await openCore()
  await core.append('a')

  expect(await core.state?.readBlock(0)).toEqual(b4a.from('a'))
  expect(await core.state?.readBlock(1)).toBeNull()
})

test('clear counts nothing with its option diff, and info gives no storage: so their types leave both out', async () => {
  const core = await openCore()
  await core.append(['a', 'b'])

  expect(await Reflect.apply(core.clear, core, [0, 1, { diff: true }])).toEqual({ blocks: 0 })
  expect(await core.has(0)).toBe(false)
  expect(await Reflect.apply(core.info, core, [{ storage: true }])).toMatchObject({ storage: null })
})
