// The Vitest settings that every package shares. A package's `vitest.config.ts` re-exports this or extends it.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Native addons (RocksDB, sodium, UDX) live in the tests' process: one process per file keeps them apart.
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // An unhandled rejection or a failed assertion in a stray callback fails the run.
    dangerouslyIgnoreUnhandledErrors: false,
  },
})
