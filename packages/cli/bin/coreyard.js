#!/usr/bin/env node
// The command `coreyard`. What it does is in src/.

import { ExitCode, processIo, run } from '../dist/index.js'

const exitCode = await run(process.argv.slice(2), processIo())
// It is set already if the results could not be written.
process.exitCode ??= exitCode
// An interrupted command exits even if its output is not read.
if (exitCode === ExitCode.interrupted) setTimeout(() => process.exit(), 1000).unref()
