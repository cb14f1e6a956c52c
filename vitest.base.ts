// The Vitest settings that every package shares. A package's `vitest.config.ts` re-exports this or extends it.
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Far more than any test takes, in milliseconds: a slow or busy machine must not fail one. It ends tests that hang. */
const TIMEOUT = 300_000

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Native addons (RocksDB, sodium, UDX) live in the tests' process: one process per file keeps them apart.
    pool: 'forks',
    // One more than there are processors, as some tests wait for timers. By default it is one less.
    maxWorkers: availableParallelism() + 1,
    testTimeout: TIMEOUT,
    hookTimeout: TIMEOUT,
    // By default a poll is given up after a second.
    expect: { poll: { timeout: 60_000 } },
    // An unhandled rejection or a failed assertion in a stray callback fails the run.
    dangerouslyIgnoreUnhandledErrors: false,
  },
})
