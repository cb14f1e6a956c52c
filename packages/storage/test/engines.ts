// Engines that are closed when the test has finished.
import { onTestFinished } from 'vitest'
import { type StorageArgument, type StorageEngine, type StorageOptions, storageEngine } from '../src/index.js'
import { emptyDirectory } from './directories.js'

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
