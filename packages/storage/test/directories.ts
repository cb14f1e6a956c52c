// Real directories for the tests: made in the system's temporary directory, removed when the test has finished.
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type StorageArgument, type StorageEngine, type StorageOptions, storageEngine } from '../src/index.js'

/** A new empty directory. */
export function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'coreyard-storage-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** An engine that is closed when the test has finished, if it is not by then. */
export function engineOf(argument: StorageArgument, options?: StorageOptions): StorageEngine {
  const engine = storageEngine(argument, options)
  onTestFinished(() => engine.close())
  return engine
}

/** A directory with a closed store in it, and its primary key. */
export async function storedDirectory(): Promise<{ directory: string; primaryKey: Uint8Array }> {
  const directory = emptyDirectory()
  const engine = engineOf(directory)
  const primaryKey = await engine.primaryKey()
  await engine.close()
  return { directory, primaryKey }
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
