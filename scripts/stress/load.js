// Work beside the tests: two busy loops and a disk writer, each a process of its own that ends with this one.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('load-process.js', import.meta.url))

/** Starts the load. Returns its process ids, its directory, and how to end it. */
export function startLoad() {
  const directory = mkdtempSync(join(tmpdir(), 'coreyard-stress-'))
  const children = [['busy'], ['busy'], ['disk', directory]].map((args) => fork(PROGRAM, args))
  const exited = Promise.all(children.map((child) => once(child, 'exit')))
  return {
    pids: children.map(({ pid }) => pid),
    directory,
    async end() {
      for (const child of children) child.kill('SIGKILL')
      await exited
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
