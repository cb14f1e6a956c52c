// Real cores in temporary directories, and streams between them, that are gone after the test.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Hypercore from 'hypercore'
import { onTestFinished } from 'vitest'
import type { HypercoreOptions, ReplicationStream } from '../../src/index.js'

/** A directory that is removed after the test. */
export async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'hypercore-types-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/** A core that is open, and closed after the test. */
export async function openCore(key: Uint8Array | null = null, options: HypercoreOptions<'binary'> = {}) {
  const core = new Hypercore(await directory(), key, options)
  onTestFinished(() => core.close())
  await core.ready()
  return core
}

/** Connects two cores; both streams are destroyed after the test. */
export function connect(a: Hypercore, b: Hypercore): [ReplicationStream, ReplicationStream] {
  const streams: [ReplicationStream, ReplicationStream] = [a.replicate(true), b.replicate(false)]
  const [left, right] = streams
  left.pipe(right).pipe(left)
  onTestFinished(() => {
    left.destroy()
    right.destroy()
  })
  return streams
}
