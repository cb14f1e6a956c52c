// The default replicator does what every replicator must do, with and without options.

import { describe, test } from 'vitest'
import { AllToAllReplicator } from '../src/index.js'
import { testReplicator } from '../src/test/index.js'

describe('all to all', () => {
  testReplicator({ test, create: () => new AllToAllReplicator() })
})

describe('all to all with authorize, one look-up at a time and no memory', () => {
  testReplicator({
    test,
    create: () => new AllToAllReplicator({ authorize: async () => true, maxLookups: 1, maxUnknown: 0 }),
  })
})
