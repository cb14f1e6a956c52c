// Where the cores to place or to look for come from: the directory of a store, or a key.

import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Corestore } from '@coreyard/corestore'
import type { CorePicture } from '@coreyard/inspector'
import b4a from 'b4a'
import id from 'hypercore-id-encoding'
import { download, type Sources } from '../download.js'
import { usage } from '../errors.js'
import { withStore } from '../opened.js'
import type { Output } from '../output.js'
import { isIn, pickAll, storedCores } from '../which-core.js'
import type { WantedCore } from './copies.js'

/** Which cores of a store are meant: those that are named, those of a namespace, or all. */
export interface Selection {
  readonly names: readonly string[]
  /** In hex, or how it begins. */
  readonly namespace?: string | undefined
}

/** The key that a source is; `null` if it is a directory. */
export async function keyOfSource(source: string): Promise<Uint8Array | null> {
  const isThere = await stat(source).then(
    () => true,
    () => false,
  )
  if (isThere || !id.isValid(source)) return null
  return id.decode(source)
}

export function refuseSelection({ names, namespace }: Selection): void {
  if (names.length === 0 && namespace === undefined) return
  throw usage('a key is one core: names of cores and --namespace are for a directory')
}

/** Calls `use` with a store and the cores that are meant; it is only read. */
export function withStoredCores<T>(
  directory: string,
  selection: Selection,
  use: (store: Corestore, cores: readonly StoredCore[]) => Promise<T>,
): Promise<T> {
  return withStore(directory, {}, async (store) => {
    const stored = selected(await storedCores(store), selection)
    if (stored.length > 0) return use(store, stored.flatMap(toWanted))
    const where = selection.namespace === undefined ? directory : `${selection.namespace} in ${directory}`
    throw usage(`${where} has no cores`)
  })
}

/** A core, and how much of it is here. */
export interface StoredCore extends WantedCore {
  readonly have: number
}

/** Calls `use` with a store that the core of a key was downloaded to, and that is removed afterwards. */
export async function withDownloaded<T>(
  key: Uint8Array,
  sources: Sources,
  output: Output,
  use: (store: Corestore, cores: readonly StoredCore[]) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'coreyard-place-'))
  try {
    const store = new Corestore(directory)
    try {
      const core = await download(store, key, sources, output, async (whole) => whole)
      return await use(store, [{ key, length: core.length, have: core.contiguousLength }])
    } finally {
      await store.close()
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function selected(cores: readonly CorePicture[], { names, namespace }: Selection): readonly CorePicture[] {
  if (names.length > 0) return pickAll(cores, names, namespace)
  return cores.filter((core) => isIn(core, namespace))
}

function toWanted({ key, length, progress }: CorePicture): StoredCore[] {
  return key === null ? [] : [{ key: b4a.from(key, 'hex'), length, have: progress.have }]
}
