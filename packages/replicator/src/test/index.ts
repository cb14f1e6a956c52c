/**
 * Tests that every replicator must pass, for authors of custom replicators. They run in any test runner, on real Hypercores in temporary
 * directories, and need the package `hypercore`:
 *
 * ```ts
 * import { AllToAllReplicator } from '@coreyard/replicator'
 * import { testReplicator } from '@coreyard/replicator/test'
 * import { test } from 'vitest'
 *
 * testReplicator({ test, create: () => new AllToAllReplicator() })
 * ```
 *
 * @module
 */
export { testReplicator } from './compliance.js'
export type { ComplianceOptions } from './suite.js'
