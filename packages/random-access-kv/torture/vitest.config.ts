// Runs the torture test, which is no part of the test run.
import { defineConfig } from 'vitest/config'
import base from '../../../vitest.base.js'

export default defineConfig({ ...base, test: { ...base.test, include: ['torture/**/*.test.ts'] } })
