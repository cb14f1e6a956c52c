// `store.audit`: checks every stored core, and removes damaged records.

import { whileUnwritten } from '@coreyard/hypercore-port'
import type { AuditResult, Core, CorestoreStorage, Hypercore } from '@coreyard/hypercore-types'
import { auditTree } from '@coreyard/storage'
import { CorestoreError } from '../errors/errors.js'

/** Options of `store.audit`. */
export interface AuditStoreOptions {
  /** `true`: only report what would be removed, and change nothing. Default `false`; in a read-only store always `true`. */
  dryRun?: boolean | undefined
}

/** The result of auditing one core. */
export interface CoreAudit {
  /** 32 bytes. */
  readonly discoveryKey: Uint8Array
  /** 32 bytes. `null` if the records of the core are too damaged to read it. */
  readonly key: Uint8Array | null
  /** `null` if the core could not be repaired and was deleted. */
  readonly audit: AuditResult | null
}

/** What the audit needs of a store. */
export interface AuditedCores {
  /** Opens a stored core, without making it active. */
  open(discoveryKey: Uint8Array): Hypercore<unknown>
  /** Runs `work` while nothing else writes the core's records; `null` if it was deleted before. */
  exclusively<T>(core: Core, work: () => Promise<T>): Promise<T | null>
  /** Deletes a core. Rejects with CORE_IN_USE if it is in use. */
  delete(discoveryKey: Uint8Array): Promise<boolean>
}

/** Audits all stored cores, one after the other. */
export async function* auditCores(
  storage: CorestoreStorage,
  cores: AuditedCores,
  { dryRun }: { readonly dryRun: boolean },
): AsyncGenerator<CoreAudit, void, undefined> {
  for await (const { discoveryKey, core } of storage.createCoreStream()) {
    if (dryRun && core.version === 0) continue // written by Corestore 6: opening would convert it
    const found = await auditStored(cores.open(discoveryKey), cores, dryRun)
    if (found === null) continue
    const { key, audit } = found
    const removed = audit.corrupt && !dryRun && (await isDeleted(cores, discoveryKey))
    yield { discoveryKey, key, audit: removed ? null : audit }
  }
}

/** Deletes a core, unless it is in use. */
async function isDeleted(cores: AuditedCores, discoveryKey: Uint8Array): Promise<boolean> {
  try {
    return await cores.delete(discoveryKey)
  } catch (error) {
    if (error instanceof CorestoreError && error.code === 'CORE_IN_USE') return false
    throw error
  }
}

/** `null` for a core that was deleted since it was listed. */
async function auditStored(
  session: Hypercore<unknown>,
  cores: AuditedCores,
  dryRun: boolean,
): Promise<{ key: Uint8Array | null; audit: AuditResult } | null> {
  try {
    const failure = await openingFailure(session)
    if (failure === 'STORAGE_EMPTY') return null
    if (failure === 'STORAGE_CORRUPT') return { key: null, audit: { ...NOTHING, corrupt: true } }
    const { core, key } = session
    const audit = core && (await cores.exclusively(core, () => auditCore(core, dryRun)))
    return audit && { key, audit }
  } finally {
    await session.close()
  }
}

/** Why the core of a session cannot be opened: it is not stored, or its records are damaged. `null` once it is open. */
async function openingFailure(
  session: Hypercore<unknown>,
): Promise<'STORAGE_EMPTY' | 'STORAGE_CORRUPT' | null> {
  try {
    await session.ready()
    return null
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'STORAGE_EMPTY' || code === 'STORAGE_CORRUPT') return code
    throw error
  }
}

async function auditCore(core: Core, dryRun: boolean): Promise<AuditResult | null> {
  const tree = await whileUnwritten(core, (records) => auditTree(records, { dryRun }))
  if (tree === null) return null
  const blocks = tree.corrupt ? NOTHING : await core.audit({ tree: false, dryRun })
  return blocks && { ...blocks, ...tree }
}

const NOTHING: AuditResult = {
  treeNodes: 0,
  blocks: 0,
  bits: 0,
  droppedTreeNodes: 0,
  droppedBlocks: 0,
  droppedBits: 0,
  corrupt: false,
}
