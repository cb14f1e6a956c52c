#!/usr/bin/env node
// The command `coreyard`. What it does is in src/.

import { processIo, run } from '../dist/index.js'

process.exitCode = await run(process.argv.slice(2), processIo())
