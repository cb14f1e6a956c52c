// Directories: empty ones for a test, and what one holds. Tests that have to know that their store is in a directory use them, and
// places.ts does for all others.

import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A new empty directory, removed when the test has finished. */
export function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'coreyard-corestore-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** What RocksDB notes of its own work while a database is open: its threads write it, at times of their own. */
const ROCKSDB_LOG = /(?:^|[\\/])LOG(?:\.old\.\d+)?$/

/**
 * Every file below a directory with the SHA-256 of its content, and every directory: to tell whether anything in it has changed. Of the notes
 * of RocksDB it has only that they are there.
 */
export function directoryHash(directory: string): Record<string, string> {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()
  return Object.fromEntries(paths.map((path) => [path, hashOf(join(directory, path))]))
}

function hashOf(path: string): string {
  if (statSync(path).isDirectory()) return 'directory'
  if (ROCKSDB_LOG.test(path)) return 'notes'
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}
