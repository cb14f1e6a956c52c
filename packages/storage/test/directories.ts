// Real directories for the tests: made in the system's temporary directory, removed when the test has finished.
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A new empty directory. */
export function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'coreyard-storage-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** A copy of a directory, as a backup program makes one. */
export function copyOf(directory: string): string {
  const copy = emptyDirectory()
  cpSync(directory, copy, { recursive: true })
  return copy
}

/** Every file and directory in a directory with its content and when it changed. */
export function contentsOf(directory: string): Record<string, string> {
  const contents: Record<string, string> = {}
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(directory, name)
    const info = statSync(path)
    contents[name] = info.isDirectory()
      ? 'directory'
      : `${createHash('sha256').update(readFileSync(path)).digest('hex')} ${info.mtimeMs}`
  }
  return contents
}

export function key(fill: number): Uint8Array {
  return new Uint8Array(32).fill(fill)
}
