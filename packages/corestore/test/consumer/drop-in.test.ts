// A project that has used Corestore 7 with Hyperdrive and Autobase, and has ours installed in its place: in processes of its own.

import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { emptyDirectory } from '../helpers/directories.js'

const PROGRAM = fileURLToPath(new URL('drop-in-program.cjs', import.meta.url))
const OURS = fileURLToPath(new URL('../..', import.meta.url))
const { resolve } = createRequire(import.meta.url)

/** A project with these packages installed, by the names that it knows them by. */
function project(packages: Record<string, string>): string {
  const directory = emptyDirectory()
  copyFileSync(PROGRAM, join(directory, 'program.cjs'))
  for (const [name, folder] of Object.entries(packages)) {
    const link = join(directory, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(folder, link)
  }
  return directory
}

/** Runs the program, and says what it has printed. */
async function run(directory: string, name: string): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)(process.execPath, ['program.cjs', name, '.'], {
    cwd: directory,
  })
  return JSON.parse(stdout)
}

test.each([
  ['corestore', 'installed as npm:@coreyard/corestore'],
  ['@coreyard/corestore', 'required by its own name'],
])(
  'a CommonJS program for Corestore 7 runs on ours as %s, %s, and runs again on what it has stored',
  async (name) => {
    const directory = project({
      [name]: OURS,
      autobase: dirname(resolve('autobase/package.json')),
      hyperdrive: dirname(resolve('hyperdrive/package.json')),
    })

    const first = await run(directory, name)
    expect(first).toMatchObject({ run: 1, view: [1], copied: 1, others: [], same: true })
    const second = await run(directory, name)
    expect(second).toEqual({ ...first, run: 2, view: [1, 2], copied: 2 })
  },
)
