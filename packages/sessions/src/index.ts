/**
 * A pool of shared resources, such as files, database handles, connections or Hypercores. Each resource is opened once, however many
 * callers acquire it. The pool counts its leases, and keeps it in an LRU while it has none.
 *
 * ```ts
 * import { type FileHandle, open } from 'node:fs/promises'
 * import { Pool } from '@coreyard/sessions'
 *
 * class LogFile {
 *   readonly path: string
 *   handle: FileHandle | null = null
 *
 *   constructor(path: string) {
 *     this.path = path
 *   }
 * }
 *
 * export const logs = new Pool<LogFile>(
 *   {
 *     create: (path) => new LogFile(path),
 *     open: async (log) => {
 *       log.handle = await open(log.path, 'a')
 *     },
 *     close: async (log) => log.handle?.close(),
 *   },
 *   { maxIdle: 100, idleTimeout: 60_000 },
 * )
 *
 * export async function writeLine(path: string, line: string): Promise<void> {
 *   const lease = logs.acquire(path)
 *   try {
 *     const log = await lease.ready()
 *     await log.handle?.appendFile(`${line}\n`)
 *   } finally {
 *     lease.release()
 *   }
 * }
 * ```
 *
 * @packageDocumentation
 */
export { CoreyardError } from './coreyard-error.js'
export { PoolError, type PoolErrorCode } from './errors.js'
export type { Lease } from './lease.js'
export type { Busy, Lifecycle } from './lifecycle.js'
export type { PoolOptions } from './options.js'
export { Pool } from './pool.js'
