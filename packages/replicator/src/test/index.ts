/**
 * Tests that every replicator must pass, for whoever writes one. They run in any test runner, on real Hypercores in
 * temporary directories, and need `hypercore` installed:
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
