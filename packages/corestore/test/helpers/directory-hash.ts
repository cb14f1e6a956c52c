// What a directory holds, to tell whether anything in it has changed.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Every file below a directory with the SHA-256 of its content, and every directory. */
export function directoryHash(directory: string): Record<string, string> {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()
  return Object.fromEntries(paths.map((path) => [path, hashOf(join(directory, path))]))
}

function hashOf(path: string): string {
  if (statSync(path).isDirectory()) return 'directory'
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}
