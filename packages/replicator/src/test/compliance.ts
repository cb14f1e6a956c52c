// What every replicator must do, whatever its policy.

import type { Replicator } from '../replicator.js'
import { testExchange } from './exchange.js'
import { testHarm } from './harm.js'
import { testReplicate } from './replicate.js'
import { type ComplianceOptions, Suite } from './suite.js'

/** Registers the tests that every {@link Replicator} must pass. They need the package `hypercore`. */
export function testReplicator<R extends Replicator>(options: ComplianceOptions<R>): void {
  const suite = new Suite(options)
  testReplicate(suite)
  testExchange(suite)
  testHarm(suite)
}
