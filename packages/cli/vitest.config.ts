import { defineConfig, mergeConfig } from 'vitest/config'
import base from '../../vitest.base.js'

// On a DHT of a few nodes, two programs that start together do not always find each other: a test that waits in vain begins again.
export default mergeConfig(base, defineConfig({ test: { testTimeout: 60_000, retry: 3 } }))
