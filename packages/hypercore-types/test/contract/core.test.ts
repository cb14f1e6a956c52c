import Hypercore from 'hypercore'
import { expect, onTestFinished, test } from 'vitest'
import type {
  AuditResult,
  Core,
  CoreHeader,
  CoreReplicator,
  Manifest,
  Mutex,
  Peer,
  ReplicationStats,
  SessionState,
  Signer,
} from '../../src/index.js'
import { type Members, missingMembers } from './members.js'
import { connect, directory, openCore } from './stores.js'

const coreMembers: Members<Core> = {
  id: 'string',
  key: 'bytes',
  discoveryKey: 'bytes',
  manifest: 'object',
  opening: 'object',
  opened: 'boolean',
  closing: 'object',
  closed: 'boolean',
  destroyed: 'boolean',
  compat: 'boolean',
  db: 'object',
  storage: 'object',
  header: 'object',
  state: 'object',
  sessionStates: 'object',
  replicator: 'object',
  monitors: 'object',
  activeSessions: 'number',
  exclusive: 'object',
  autoClose: 'boolean',
  gc: 'number',
  onidle: 'method',
  ongroupupdate: 'method',
  ready: 'method',
  close: 'method',
  closeAllSessions: 'method',
  hasSession: 'method',
  allSessions: 'method',
  checkIfIdle: 'method',
  lockExclusive: 'method',
  unlockExclusive: 'method',
  audit: 'method',
  setGroup: 'method',
  setManifest: 'method',
  compact: 'method',
  purge: 'method',
}

const headerMembers: Members<CoreHeader> = {
  key: 'bytes',
  manifest: 'object',
  keyPair: 'object',
  tree: 'object',
  group: 'object',
  hints: 'object',
}

const manifestMembers: Members<Manifest> = {
  version: 'number',
  hash: 'string',
  allowPatch: 'boolean',
  quorum: 'number',
  signers: 'object',
  prologue: 'object',
  linked: 'object',
  userData: 'bytes',
}

const signerMembers: Members<Signer> = { signature: 'string', namespace: 'bytes', publicKey: 'bytes' }

const auditMembers: Members<AuditResult> = {
  treeNodes: 'number',
  blocks: 'number',
  bits: 'number',
  droppedTreeNodes: 'number',
  droppedBlocks: 'number',
  droppedBits: 'number',
  corrupt: 'boolean',
}

const replicatorMembers: Members<CoreReplicator> = {
  core: 'object',
  peers: 'object',
  findingPeers: 'number',
  activeSessions: 'number',
  downloading: 'boolean',
  destroyed: 'boolean',
  pushOnly: 'boolean',
  allowPush: 'boolean',
  allowFork: 'boolean',
  eagerUpgrade: 'boolean',
  inflightRange: 'object',
  stats: 'object',
  ondownloading: 'method',
  attached: 'method',
  attachTo: 'method',
  detachFrom: 'method',
  idle: 'method',
  isDownloading: 'method',
  setDownloading: 'method',
  setInflightRange: 'method',
  setAllowPush: 'method',
  setPushOnly: 'method',
  cork: 'method',
  uncork: 'method',
  updateAll: 'method',
  close: 'method',
  destroy: 'method',
}

const stateMembers: Members<SessionState> = {
  core: 'object',
  storage: 'object',
  name: 'string',
  sessions: 'object',
  mutex: 'object',
  roots: 'object',
  fork: 'number',
  length: 'number',
  byteLength: 'number',
  prologue: 'object',
  signature: 'bytes',
  active: 'number',
  isSnapshot: 'method',
  isDefault: 'method',
  hash: 'method',
  signedLength: 'method',
  readBlock: 'method',
  flushedLength: 'method',
}

const mutexMembers: Members<Mutex> = {
  locked: 'boolean',
  destroyed: 'boolean',
  idle: 'method',
  lock: 'method',
  unlock: 'method',
  destroy: 'method',
}

const statsMembers: Members<ReplicationStats> = {
  wireSync: 'object',
  wireRequest: 'object',
  wireCancel: 'object',
  wireData: 'object',
  wireWant: 'object',
  wireUnwant: 'object',
  wireBitfield: 'object',
  wireRange: 'object',
  wireExtension: 'object',
  hotswaps: 'number',
  invalidData: 'number',
  invalidRequests: 'number',
  backoffs: 'number',
  notAvailableBackoffs: 'number',
}

const peerMembers: Members<Peer> = {
  core: 'object',
  replicator: 'object',
  stream: 'object',
  protomux: 'object',
  channel: 'object',
  remotePublicKey: 'bytes',
  remoteOpened: 'boolean',
  remoteLength: 'number',
  remoteContiguousLength: 'number',
  remoteFork: 'number',
  remoteCanUpgrade: 'boolean',
  remoteUploading: 'boolean',
  remoteDownloading: 'boolean',
  remoteSynced: 'boolean',
  lengthAcked: 'number',
  inflight: 'number',
  stats: 'object',
  inflightRange: 'object',
  removed: 'boolean',
}

test('an open core and all that hangs on it have the members that their types declare', async () => {
  const storage = Hypercore.defaultStorage(await directory())
  const core = Hypercore.createCore(storage, { alias: { name: 'a', namespace: new Uint8Array(32) } })
  core.replicator.ondownloading = () => {}
  onTestFinished(async () => {
    await core.close()
    await storage.close()
  })
  await core.ready()
  const { header, manifest, state } = core
  if (!header || !manifest || !state) throw new Error('the core is open, but its header or state is not set')

  expect(missingMembers(core, coreMembers)).toEqual([])
  expect(missingMembers(header, headerMembers)).toEqual([])
  expect(missingMembers(manifest, manifestMembers)).toEqual([])
  expect(manifest.signers.flatMap((signer) => missingMembers(signer, signerMembers))).toEqual([])
  expect(missingMembers(core.replicator, replicatorMembers)).toEqual([])
  expect(missingMembers(core.replicator.stats, statsMembers)).toEqual([])
  expect(missingMembers(state, stateMembers)).toEqual([])
  expect(missingMembers(state.mutex, mutexMembers)).toEqual([])
})

test('an audit counts what its type declares', async () => {
  const { core } = await openCore()
  const result = await core?.audit()

  expect(result && missingMembers(result, auditMembers)).toEqual([])
})

test('a peer has the members that its type declares', async () => {
  const writer = await openCore()
  const reader = await openCore(writer.key)
  const added = new Promise<Peer>((resolve) => reader.once('peer-add', resolve))
  connect(writer, reader)

  expect(missingMembers(await added, peerMembers)).toEqual([])
})
