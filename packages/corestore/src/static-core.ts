// `store.staticify`: a core that can never grow, with the blocks of one that could.

import type { CorestoreStorage, Hypercore, Manifest } from '@coreyard/hypercore-types'
import HypercoreClass from 'hypercore'
import { badArgument, describe } from './errors.js'

/**
 * Makes the static core of a core as it is now: its manifest has no signers, and says length and tree hash instead. The two have
 * the same records in the storage.
 *
 * @returns the key of the static core: 32 bytes
 * @throws CorestoreError `BAD_ARGUMENT` for what is no core, a core of another storage, and one that is empty
 */
export async function makeStatic(storage: CorestoreStorage, core: Hypercore<unknown>): Promise<Uint8Array> {
  // The types forbid it; whoever writes JavaScript is told at run time.
  if (typeof core?.ready !== 'function') {
    throw badArgument(`staticify takes a core, as get returns it, not ${describe(core)}`)
  }
  await core.ready()
  // Where its records are says a pointer, which in another storage is that of some other core.
  if (core.core?.db !== storage) {
    throw badArgument(
      'Only a core of this storage can be made static: replicate it, and get it from this store',
    )
  }
  const records = core.state?.storage
  const hash = core.manifest?.hash
  if (records === undefined || hash === undefined || core.length === 0) {
    throw badArgument('Only a core that has blocks can be made static: this one is empty')
  }
  const reads = records.read()
  const reading = reads.getHead()
  reads.tryFlush()
  const head = await reading
  if (!head?.rootHash) throw badArgument('Only a core that has signed blocks can be made static')

  const manifest: Manifest = HypercoreClass.parseManifest({
    version: 1,
    hash,
    quorum: 0,
    signers: [],
    prologue: { length: head.length, hash: head.rootHash },
  })
  const key = HypercoreClass.key(manifest)
  await storage.createCore({
    key,
    discoveryKey: HypercoreClass.discoveryKey(key),
    manifest,
    core: records.core,
  })
  return key
}
