/**
 * The command `coreyard` as a function, for its binary and for tests.
 *
 * ```ts
 * import { processIo, run } from '@coreyard/cli'
 *
 * process.exitCode = await run(['ls', './my-app'], processIo())
 * ```
 *
 * @packageDocumentation
 */

export { type Io, processIo } from './io.js'
export { ExitCode, run } from './run.js'
