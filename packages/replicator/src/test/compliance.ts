// What every replicator must do, whatever its policy. What the default policy adds is tested with it.

import type { Replicator } from '../replicator.js'
import { testExchange } from './exchange.js'
import { testHarm } from './harm.js'
import { testReplicate } from './replicate.js'
import { type ComplianceOptions, Suite } from './suite.js'

/** Registers the tests that every {@link Replicator} must pass. They need `hypercore`. */
export function testReplicator<R extends Replicator>(options: ComplianceOptions<R>): void {
  const suite = new Suite(options)
  testReplicate(suite)
  testExchange(suite)
  testHarm(suite)
}
