// Options in a place where they would have no effect: of a group that has an object of its own, or of another call. Each is refused, with
// the place where it belongs. Options that no list here has are left alone, as they may be for another package.

import type { AllToAllOptions } from '@coreyard/replicator'
import type { StorageOptions } from '@coreyard/storage'
import { badArgument } from '../errors/errors.js'
import type { GetOptions } from './get-options.js'
import type { RecoveryOptions } from './recovery-options.js'
import type { SessionOptions, StoreOptions } from './store-options.js'

/** What is given options: the constructor, a session or a namespace of a store, or `get`. */
export type Place = 'store' | 'session' | 'get'

type Group = 'replicator' | 'randomAccess' | 'treeCache' | 'recovery'

/** Options of a group that also have a meaning outside of it. */
type Shared = 'active' | 'cacheSize' | 'timeout'

type Grouped =
  | keyof AllToAllOptions
  | keyof RecoveryOptions
  | keyof NonNullable<StorageOptions['randomAccess']>
  | keyof NonNullable<StorageOptions['treeCache']>

/** The options of the groups. A record, as the compiler then says which one is missing. */
const GROUPS: Readonly<Record<Exclude<Grouped, Shared>, Group>> = {
  authorize: 'replicator',
  maxUnknown: 'replicator',
  handshakeTimeout: 'replicator',
  maxStreams: 'replicator',
  maxAsks: 'replicator',
  maxAttached: 'replicator',
  maxLookups: 'replicator',
  sync: 'randomAccess',
  logSize: 'randomAccess',
  pageSize: 'randomAccess',
  maxSize: 'treeCache',
  maxAge: 'treeCache',
  settle: 'recovery',
  withoutPeers: 'recovery',
}

/** Options of the constructor that a session shares with its store. */
const OF_STORE: readonly (keyof StoreOptions)[] = [
  'cacheSize',
  'idleTimeout',
  'replicator',
  'recovery',
  'inspector',
  'suspend',
  'engine',
  'randomAccess',
  'treeCache',
  'id',
  'allowBackup',
]

/** Options of a store or a session that `get` has no meaning for. */
const OF_SESSION: readonly (keyof SessionOptions)[] = [
  'namespace',
  'primaryKey',
  'detach',
  'readOnly',
  'manifestVersion',
]

/** Options that only `get` has. */
const OF_GET: readonly (keyof GetOptions)[] = [
  'name',
  'key',
  'discoveryKey',
  'keyPair',
  'manifest',
  'exclusive',
  'overwrite',
  'preload',
  'signal',
]

const RULES: Readonly<Record<Place, ReadonlyMap<string, (name: string) => string>>> = {
  // An app may name itself in the options that it shares among packages.
  store: new Map([...grouped(), ...each(OF_GET, ofGet).filter(([name]) => name !== 'name')]),
  session: new Map([...grouped(), ...each(OF_STORE, ofStore), ...each(OF_GET, ofGet)]),
  get: new Map([
    ...grouped().filter(([name]) => GROUPS[name as keyof typeof GROUPS] === 'replicator'),
    ...each(OF_STORE, ofStore).filter(([name]) => name !== 'id'), // other packages have an option of that name
    ...each(OF_SESSION, ofSession),
  ]),
}

/** Throws BAD_ARGUMENT for an option that has no effect where it is given, and says where it belongs. */
export function refuseMisplaced(options: object, place: Place): void {
  const rules = RULES[place]
  for (const name in options) {
    const rule = rules.get(name)
    if (rule !== undefined && isGiven(options, name)) throw badArgument(rule(name))
    // Of Corestore 6. What it hides would be announced.
    if (name === 'passive' && Reflect.get(options, name) === true) {
      throw badArgument(
        'passive: true, of Corestore 6, is active: false here: the cores are not announced, only served',
      )
    }
  }
}

/** `null` and `false` ask for nothing. */
function isGiven(options: object, name: string): boolean {
  const value: unknown = Reflect.get(options, name)
  return value !== undefined && value !== null && value !== false
}

function grouped(): (readonly [string, (name: string) => string])[] {
  return Object.entries(GROUPS).map(([option, group]) => [
    option,
    (name) => `${name} is an option of ${group}: new Corestore(storage, { ${group}: { ${name} } })`,
  ])
}

function each(
  names: readonly string[],
  rule: (name: string) => string,
): (readonly [string, (name: string) => string])[] {
  return names.map((name) => [name, rule])
}

function ofStore(name: string): string {
  return `${name} is shared by a store and all of its sessions and cores: give it to new Corestore`
}

function ofSession(name: string): string {
  if (name === 'readOnly') return 'readOnly is an option of a store: give get writable: false'
  return `${name} is an option of a store, not of get: store.session({ ${name} }).get(…)`
}

function ofGet(name: string): string {
  return `${name} is an option of get: store.get({ ${name} })`
}
