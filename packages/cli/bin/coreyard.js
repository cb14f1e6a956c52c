#!/usr/bin/env node
// The command `coreyard`. What it does is in src/.

import { ExitCode, processIo, run } from '../dist/index.js'

const exitCode = await run(process.argv.slice(2), processIo())
// It is set already if the results could not be written.
process.exitCode ??= exitCode
// Results that nobody takes keep no command that was interrupted.
if (exitCode === ExitCode.interrupted) setTimeout(() => process.exit(), 1000).unref()
