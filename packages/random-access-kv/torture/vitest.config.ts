// Runs the torture test, which is no part of the test run.
import { defineConfig, mergeConfig } from 'vitest/config'
import base from '../../../vitest.base.js'

export default mergeConfig(base, defineConfig({ test: { include: ['torture/**/*.test.ts'] } }))
