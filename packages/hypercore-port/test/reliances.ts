// Every member that this package calls, reads or replaces and that is not documented by the package that has it. docs/architecture.md has
// the same list; boundary.test.ts compares the two, and holds all other code to keep away from these members.

import type { LiveObjects } from './live.js'

/** A member that only this package may name: no other code of the repository uses one of the same name for something else. */
export const KEPT_IN: readonly string[] = [
  'addUpgrade',
  'allSessions',
  'flushHints',
  'getLastChannel',
  'hasSession',
  'hintsChanged',
  'lengthAcked',
  'lockExclusive',
  'mutex',
  'ondownloading',
  'ongroupupdate',
  'onidle',
  'onsync',
  'receiverQueue',
  'remoteRequests',
  'remoteSynced',
  'setPushOnly',
  'waitForRecovery',
]

export type Kind = 'method' | 'number' | 'boolean' | 'object'
export type Owner = keyof LiveObjects

/** The members that a file of `src` relies on, by what has them. */
export type Members = { readonly [Name in Owner]?: { readonly [member: string]: Kind } }

/** Modules of other packages that a file of `src` imports, and that the package does not export. */
export const DEEP_IMPORTS: { readonly [file: string]: readonly string[] } = {
  'corestore-6.ts': ['hypercore-storage/migrations/0/messages.js'],
  'first-migration.ts': ['hypercore-storage/lib/tx.js', 'hypercore-storage/lib/view.js'],
  'storage/records.ts': [
    'hypercore-storage/encoding/spec/hyperschema/index.js',
    'hypercore-storage/lib/keys.js',
  ],
}

/** By the file in `src`. */
export const RELIANCES: { readonly [file: string]: Members } = {
  'core/open-core.ts': {
    Core: { db: 'object', onidle: 'method', ongroupupdate: 'method', purge: 'method', ready: 'method' },
    Replicator: { activeSessions: 'number', downloading: 'boolean', ondownloading: 'object' },
  },
  'core/opening-storage.ts': {
    CorestoreStorage: { createCore: 'method', resumeCore: 'method' },
    CoreStorage: { createBitfieldStream: 'method', write: 'method' },
    CoreWriteBatch: { changes: 'object', flush: 'method', setAuth: 'method' },
  },
  'core/close-core.ts': {
    Core: {
      allSessions: 'method',
      close: 'method',
      exclusive: 'object',
      hasSession: 'method',
      lockExclusive: 'method',
    },
    Replicator: { close: 'method' },
    Mutex: { destroy: 'method' },
  },
  'core/writing.ts': {
    SessionState: { mutex: 'object', storage: 'object' },
    Mutex: { idle: 'method', lock: 'method', unlock: 'method' },
  },
  'core/core-use.ts': {
    Core: { allSessions: 'method', hasSession: 'method', header: 'object' },
    Replicator: { idle: 'method', peers: 'object', stats: 'object' },
    ReplicationStats: { wireRequest: 'object', wireSync: 'object' },
    Peer: { lengthAcked: 'number', remoteSynced: 'boolean', stats: 'object' },
  },
  'core/doubtful-core.ts': {
    Core: { flushHints: 'method', header: 'object', hintsChanged: 'boolean' },
    SessionState: {
      append: 'method',
      commit: 'method',
      createSession: 'method',
      truncate: 'method',
      waitForRecovery: 'method',
    },
  },
  'core/only-serve.ts': {
    Core: { flushHints: 'method' },
    Replicator: { addUpgrade: 'method', setPushOnly: 'method' },
  },
  'core/inside.ts': {
    Core: { _onconflict: 'method', bitfield: 'object', sessionStates: 'object' },
    Replicator: { _blocks: 'object', _inflight: 'object', _ranges: 'object' },
    BlockTracker: { _map: 'object' },
    InflightTracker: { _active: 'number' },
    Peer: { remoteBitfield: 'object', remoteContiguousLength: 'number' },
    NoiseStream: { rawStream: 'object' },
  },
  'core/peers-words.ts': {
    Replicator: { _attached: 'object', _ifAvailable: 'number', _onpeerupdate: 'method', peers: 'object' },
    Peer: { onsync: 'method', remoteFork: 'number', remoteLength: 'number', remoteSynced: 'boolean' },
  },
  'core/send-gate.ts': {
    Replicator: { _makePeer: 'method', destroyed: 'boolean' },
    SessionState: { _oncommit: 'method', append: 'method', commit: 'method', truncate: 'method' },
    Protomux: { getLastChannel: 'method' },
    Channel: { messages: 'object' },
  },
  'core/held-messages.ts': {
    Channel: { close: 'method', closed: 'boolean', cork: 'method', uncork: 'method', userData: 'object' },
    Peer: { _handleRequest: 'method', receiverQueue: 'object' },
  },
  'core/wanted-range.ts': {
    Peer: { _maybeWantAnyRange: 'method', remoteContiguousLength: 'number' },
  },
  'replication/attachment.ts': {
    Replicator: { _onstreamclose: 'method', attachTo: 'method', detachFrom: 'method' },
    Protomux: { cork: 'method', getLastChannel: 'method', uncork: 'method' },
    Channel: { onclose: 'method', opened: 'boolean', userData: 'object' },
    Peer: { core: 'object', replicator: 'object' },
    NoiseStream: { opened: 'object', prependOnceListener: 'method', removeAllListeners: 'method' },
  },
  'replication/opening-channel.ts': {
    Replicator: { _makePeer: 'method' },
    Protomux: { getLastChannel: 'method' },
    Channel: { onopen: 'method', messages: 'object' },
    Message: { onmessage: 'method', send: 'method' },
    Peer: { onopen: 'method', replicator: 'object' },
  },
  'replication/expected-peer.ts': {
    Replicator: { _checkUpgradeIfAvailable: 'method', _ifAvailable: 'number' },
  },
  'replication/on-downloading.ts': {
    Replicator: { ondownloading: 'object' },
  },
  'replication/message-guard.ts': {
    Protomux: { createChannel: 'method' },
    Message: { onmessage: 'method' },
    Peer: { remoteContiguousLength: 'number', remoteRequests: 'object' },
  },
  'replication/answers.ts': {
    Peer: { onnodata: 'method', paused: 'boolean', stats: 'object' },
    Replicator: {
      _blocks: 'object',
      _hashes: 'object',
      _inflight: 'object',
      _matchingRequest: 'method',
      _onnodata: 'method',
      _reorgs: 'object',
      _seeks: 'object',
      _upgrade: 'object',
      allowPush: 'boolean',
      destroyed: 'boolean',
    },
    BlockTracker: { get: 'method' },
    InflightTracker: { get: 'method' },
  },
  'replication/late-end.ts': {
    NoiseStream: { end: 'method', prependListener: 'method' },
  },
  'replication/batch-limit.ts': {
    Protomux: { _batchState: 'object', _pushBatch: 'method', corked: 'number' },
  },
  'replication/muxer-gate.ts': {
    Protomux: {
      _decode: 'method',
      _onbatch: 'method',
      _paused: 'boolean',
      _rejectSession: 'method',
      _remote: 'object',
      drained: 'boolean',
    },
    NoiseStream: {
      _rawStream: 'object',
      _readableState: 'object',
      pause: 'method',
      rawStream: 'object',
      resume: 'method',
    },
  },
  'replication/in-flight.ts': {
    Peer: { core: 'object', getMaxInflight: 'method', inflightRange: 'object', replicator: 'object' },
  },
  'replication/overdue.ts': {
    Peer: {
      _cancelRequest: 'method',
      isActive: 'method',
      remoteCanUpgrade: 'boolean',
      remoteLength: 'number',
      removed: 'boolean',
    },
    Replicator: {
      _clearRequest: 'method',
      _inflight: 'object',
      destroyed: 'boolean',
      peers: 'object',
      queueUpdateAll: 'method',
    },
    InflightTracker: { idle: 'boolean' },
  },
  'replication/openings.ts': {
    Protomux: {
      _gc: 'method',
      _get: 'method',
      _infos: 'object',
      _onclosesession: 'method',
      _rejectSession: 'method',
      _remote: 'object',
      _remoteBacklog: 'number',
    },
  },
  'first-migration.ts': {
    CorestoreStorage: { _getHead: 'method', db: 'object' },
  },
  'storage/migrating-storage.ts': {
    CorestoreStorage: { _getHead: 'method', _migrateCore: 'method', _migrateStore: 'method' },
  },
  'storage/read-only-view.ts': {
    CorestoreStorage: { _migrateStore: 'method', db: 'object', rocks: 'object' },
  },
  'storage/native-database.ts': {
    RocksDB: {
      _state: 'object',
      close: 'method',
      isRoot: 'method',
      iterator: 'method',
      session: 'method',
      write: 'method',
    },
    RocksDBWriteBatch: { flush: 'method' },
  },
  'storage/bound-database.ts': {
    RocksDB: { _index: 'number', _snapshot: 'object', _state: 'object' },
    RocksDBState: { closing: 'object' },
  },
  'session/session-class.ts': {
    Hypercore: { closed: 'boolean', weak: 'boolean' },
  },
}
