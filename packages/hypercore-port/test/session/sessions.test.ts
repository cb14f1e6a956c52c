// How Hypercore makes sessions, and which of its methods write.

import Hypercore from 'hypercore'
import { expect, test } from 'vitest'
import {
  failSession,
  KnownKeySession,
  readOnlySessions,
  SessionClass,
  sessionOptions,
  weakSession,
} from '../../src/index.js'
import { later, newCore, session } from '../live.js'

/** Options that say which core is meant, where it is stored, or how it is derived from another session. */
const NOT_OF_A_SESSION = [
  'checkout',
  'atom',
  'parent',
  'snapshot',
  'storage',
  'createIfMissing',
  'discoveryKey',
]

test('Hypercore reads no option of a session that sessionOptions leaves out', async () => {
  const core = await newCore()
  const read = new Set<string>()
  const options = new Proxy(Object.assign(sessionOptions({}), { core }), {
    get(target, name) {
      if (typeof name === 'string') read.add(name)
      return Reflect.get(target, name)
    },
  })
  const made = new SessionClass(null, options)
  later(() => made.close())
  await made.ready()
  const known = [...Object.keys(sessionOptions({})), ...NOT_OF_A_SESSION]
  expect([...read].filter((name) => !known.includes(name))).toEqual([])
})

test('a session that knows its keys has them before it has a core, and its core’s afterwards', async () => {
  const core = await newCore()
  const preload = core.ready().then(() => ({ core }))
  const made = new KnownKeySession(null, { ...sessionOptions({}), preload })
  later(() => made.close())
  const { key, discoveryKey } = core
  made.identify({ key, discoveryKey })
  expect([made.key, made.discoveryKey]).toEqual([key, discoveryKey])
  await made.ready()
  expect([made.key, made.id]).toEqual([key, core.id])
})

test('a session that failSession ended closes without an error', async () => {
  const error = new Error('no core')
  let refuse: (error: Error) => void = () => {}
  const preload = new Promise<never>((_, reject) => {
    refuse = reject
  })
  const made = new SessionClass(null, { ...sessionOptions({}), preload })
  failSession(made)
  refuse(error)
  await expect(made.ready()).rejects.toBe(error)
  await made.close()
})

test('a weak session closes with its core', async () => {
  const core = await newCore()
  const weak = weakSession(core)
  await weak.ready()
  await core.close()
  expect(weak.closed).toBe(true)
})

/** Methods that write nothing, close, or only change the session itself. */
const READS = [
  'constructor',
  'snapshot',
  'session',
  'setEncryptionKey',
  'setEncryption',
  'setKeyPair',
  'setActive',
  'setAlwaysLatestBlock',
  'close',
  'clearRequests',
  'replicate',
  'getManifest',
  'ready',
  'getUserData',
  'transferSession',
  'findingPeers',
  'info',
  'update',
  'seek',
  'has',
  'count',
  'get',
  'createReadStream',
  'createWriteStream',
  'createByteStream',
  'download',
  'undownload',
  'cancel',
  'signable',
  'treeHash',
  'missingNodes',
  'proof',
  'verifyFullyRemote',
  'generateRemoteProofForTreeNode',
  'recoverTreeNodeFromPeers',
  'registerExtension',
]

test('each method of Hypercore is known to write, or not to', async () => {
  const ReadOnly = readOnlySessions((what) => new Error(what))
  const refused = Object.getOwnPropertyNames(ReadOnly.prototype)
  const methods = Object.entries(Object.getOwnPropertyDescriptors(Hypercore.prototype))
    .filter(([name, { value }]) => typeof value === 'function' && !name.startsWith('_'))
    .map(([name]) => name)
  expect(methods.filter((name) => !refused.includes(name) && !READS.includes(name))).toEqual([])
  expect(refused.filter((name) => !methods.includes(name))).toEqual([])
})

test('Hypercore makes a derived session of the class that it is given', async () => {
  const ReadOnly = readOnlySessions((what) => new Error(`cannot ${what}`))
  const core = await newCore()
  await session(core).append('a')
  const made = new ReadOnly(null, { ...sessionOptions({}), core, writable: false })
  later(() => made.close())
  await made.ready()
  const derived = made.session()
  later(() => derived.close())
  await expect(derived.append('b')).rejects.toThrow('cannot append')
})
