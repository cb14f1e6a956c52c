// The names of the options of a store, a session and `get`, to tell a misspelled one from one that is meant for another package. What
// an option means is in store-options.ts and get-options.ts.

import { CoreyardError } from '@coreyard/storage'
import { badArgument } from '../errors/errors.js'
import type { GetOptions, HiddenOption } from './get-options.js'
import type { SessionOptions, StoreOptions } from './store-options.js'

type Option = keyof StoreOptions | keyof SessionOptions | keyof GetOptions | HiddenOption

// A record, as the compiler then says which one is missing.
const OWN: Readonly<Record<Option, true>> = {
  active: true,
  allowBackup: true,
  allowFork: true,
  allowLatestBlock: true,
  allowPush: true,
  atom: true,
  cacheSize: true,
  checkout: true,
  compat: true,
  core: true,
  createIfMissing: true,
  detach: true,
  discoveryKey: true,
  eagerUpgrade: true,
  encodeBatch: true,
  encryption: true,
  encryptionKey: true,
  engine: true,
  exclusive: true,
  force: true,
  globalCache: true,
  group: true,
  id: true,
  idleTimeout: true,
  inflightRange: true,
  inspector: true,
  isBlockKey: true,
  key: true,
  keyPair: true,
  legacy: true,
  manifest: true,
  manifestVersion: true,
  name: true,
  namespace: true,
  notDownloadingLinger: true,
  ongc: true,
  onseq: true,
  onwait: true,
  overwrite: true,
  parent: true,
  preload: true,
  preopen: true,
  primaryKey: true,
  pushOnly: true,
  randomAccess: true,
  readOnly: true,
  recovery: true,
  replicator: true,
  sessions: true,
  signal: true,
  snapshot: true,
  storage: true,
  suspend: true,
  timeout: true,
  treeCache: true,
  unsafe: true,
  userData: true,
  valueEncoding: true,
  wait: true,
  weak: true,
  writable: true,
}

/** Options that are in no type of ours: of Hypercore's inner parts, and of Corestore 5 and 6, which programs still pass. */
const OTHERS =
  'activeRequests alias alwaysRecover block cache class crypto default downloading draft eagerUpdate encrypted ifAvailable indexing keepAlive live masterKey maxRequests ' +
  'noiseKeyPair onwrite passive poolSize publicKey root secretKey sparse stats storeSecretKey timeouts update uploading'

const NAMES: ReadonlySet<string> = new Set([...Object.keys(OWN), ...OTHERS.split(' ')])

/** Throws BAD_ARGUMENT for an option that is probably misspelled, and says which one was meant. */
export function refuseMisspelled(options: object, names = NAMES): void {
  const typo = CoreyardError.misspelled(options, names)
  if (typo !== null) throw badArgument(typo)
}
