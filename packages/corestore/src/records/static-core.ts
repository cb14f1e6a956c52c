// `store.staticify`: a core that can never grow, with the blocks of one that can.

import { sessionsOf, whileUnwritten } from '@coreyard/hypercore-port'
import type {
  Core,
  CoreHead,
  CoreStorage,
  CorestoreStorage,
  Hypercore,
  Manifest,
} from '@coreyard/hypercore-types'
import { type CopiedCore, copyCore } from '@coreyard/storage'
import b4a from 'b4a'
import HypercoreClass from 'hypercore'
import type { OpenCores } from '../cores/open-cores.js'
import { badArgument, CorestoreError, describe } from '../errors/errors.js'
import { coreId } from '../lookup/core-identity.js'

/**
 * Makes the static core of a core as it is now: its manifest has no signers, and contains the length and the tree hash instead. It has its
 * own records, so neither core affects the other.
 *
 * @returns the key of the static core: 32 bytes
 * @throws CorestoreError `BAD_ARGUMENT` if the argument is not a core, or if the core is of another storage, is empty, or has a copy
 *   that could not be decrypted; `CORE_IN_USE` if the static core is open and has no blocks yet; `SESSION_CLOSED` if the core closes
 */
export async function makeStatic(
  storage: CorestoreStorage,
  cores: OpenCores,
  session: Hypercore<unknown>,
): Promise<Uint8Array> {
  const core = await readyCore(storage, session)
  const copied = await cores.exclusively(core, () => copy(storage, cores, core, session))
  if (copied === null)
    throw new CorestoreError('SESSION_CLOSED', 'The core was closed before it was made static')
  return copied
}

async function readyCore(storage: CorestoreStorage, session: Hypercore<unknown>): Promise<Core> {
  // The types forbid it; in JavaScript, the check is needed.
  if (typeof session?.ready !== 'function') {
    throw badArgument(`staticify takes a core, as get returns it, not ${describe(session)}`)
  }
  await session.ready()
  // Where its records are says a pointer, which in another storage is that of some other core.
  if (session.core?.db !== storage) {
    throw badArgument(
      'Only a core of this storage can be made static: replicate it, and get it from this store',
    )
  }
  // One session without the key does not make a core that is read with one plain text.
  for (const { encryption } of [session, ...sessionsOf(session.core)]) {
    if (!encryption || isBoundToNothing(encryption)) continue
    throw badArgument(
      'This core is encrypted with a key that is bound to the key of the core, so that nobody could read a copy of it: only a core ' +
        'that is encrypted with a block key ({ encryption: { key, block: true } }), or not at all, can be made static',
    )
  }
  return session.core
}

/** Whether blocks are encrypted with the key as it was given: then it decrypts those of the copy, too. */
function isBoundToNothing(encryption: object): boolean {
  const [key, blockKey] = [Reflect.get(encryption, 'key'), Reflect.get(encryption, 'blockKey')]
  return b4a.isBuffer(key) && b4a.isBuffer(blockKey) && b4a.equals(key, blockKey)
}

async function copy(
  storage: CorestoreStorage,
  cores: OpenCores,
  core: Core,
  session: Hypercore<unknown>,
): Promise<Uint8Array> {
  const snapshot = await takeSnapshot(session)
  try {
    const { hash } = core.manifest ?? {}
    const head = await readHead(snapshot)
    if (head === null || head.length === 0 || hash === undefined) {
      throw badArgument('Only a core that has blocks can be made static: this one is empty')
    }
    if (!head.rootHash) throw badArgument('Only a core that has signed blocks can be made static')
    const copied = staticOf(hash, head.length, head.rootHash)
    const { discoveryKey, key, length } = copied
    const stored = await storage.getInfo(discoveryKey, { hints: false })
    if (stored?.head?.length === length) return key
    await cores.whileClosed(coreId(discoveryKey), { force: false }, () => copyCore(storage, snapshot, copied))
    return key
  } finally {
    await snapshot.close()
  }
}

/** The records of a session between two of its writes. */
async function takeSnapshot(session: Hypercore<unknown>): Promise<CoreStorage> {
  const snapshot = await whileUnwritten(session, (records) => records.snapshot())
  if (snapshot === null) throw new CorestoreError('SESSION_CLOSED', 'The core is closed: get it again')
  return snapshot
}

async function readHead(records: CoreStorage): Promise<CoreHead | null> {
  const reads = records.read()
  const head = reads.getHead()
  reads.tryFlush()
  return head
}

function staticOf(hash: Manifest['hash'], length: number, rootHash: Uint8Array): CopiedCore {
  const manifest: Manifest = HypercoreClass.parseManifest({
    version: 1,
    hash,
    quorum: 0,
    signers: [],
    prologue: { length, hash: rootHash },
  })
  const key = HypercoreClass.key(manifest)
  return { key, discoveryKey: HypercoreClass.discoveryKey(key), manifest, length, rootHash }
}
