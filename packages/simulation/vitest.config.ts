import { defineConfig, mergeConfig } from 'vitest/config'
import base from '../../vitest.base.js'

// A run takes one or two seconds of a processor, which a busy machine shares.
export default mergeConfig(base, defineConfig({ test: { testTimeout: 300_000 } }))
