import { defineConfig, mergeConfig } from 'vitest/config'
import base from '../../vitest.base.js'

// These tests compute, for minutes on a busy machine, and hardly any waits for anything: only a loop without an end takes longer.
export default mergeConfig(base, defineConfig({ test: { testTimeout: 1_200_000, hookTimeout: 1_200_000 } }))
