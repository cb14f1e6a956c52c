// `store.audit`: checks and mends every stored core.

import type { AuditOptions, AuditResult, CorestoreStorage, Hypercore } from '@coreyard/hypercore-types'

/** What the audit of one core has found. */
export interface CoreAudit {
  /** 32 bytes. */
  readonly discoveryKey: Uint8Array
  /** 32 bytes. */
  readonly key: Uint8Array | null
  readonly audit: AuditResult | null
}

/**
 * Audits all stored cores, one after the other.
 *
 * @param open opens a stored core, without making it active
 */
export async function* auditCores(
  storage: CorestoreStorage,
  open: (discoveryKey: Uint8Array) => Hypercore<unknown>,
  { dryRun = false }: Pick<AuditOptions, 'dryRun'> = {},
): AsyncGenerator<CoreAudit, void, undefined> {
  for await (const { discoveryKey } of storage.createCoreStream()) {
    const session = open(discoveryKey)
    try {
      await session.ready()
      const audit = (await session.core?.audit({ dryRun })) ?? null
      yield { discoveryKey, key: session.key, audit }
    } finally {
      await session.close()
    }
  }
}
