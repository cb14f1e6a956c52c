// Runs a command again and again, the last times beside the load.

import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLoad } from './load.js'
import { failuresIn } from './report.js'

/**
 * Yields each run when it has ended: `isLoaded`, `result` (`passed`, `failed` or `interrupted`), `seconds`, `failures` (names of tests) and
 * `log` (the file with the output of a run that failed, or `null`). After `signal` no other run begins. The load ends with the last run.
 */
export async function* stress({ runs, loaded, command, args, env, signal }) {
  let load = null
  try {
    for (let run = 0; run < runs && !signal.aborted; run++) {
      const isLoaded = run >= runs - loaded
      if (isLoaded) load ??= startLoad()
      yield { isLoaded, ...(await runOnce(command, args, env, signal)) }
    }
  } finally {
    await load?.end()
  }
}

async function runOnce(command, args, env, signal) {
  const start = performance.now()
  const { code, output } = await outputOf(command, args, env, signal)
  const seconds = (performance.now() - start) / 1000
  if (signal.aborted) return { result: 'interrupted', seconds, failures: [], log: null }
  if (code === 0) return { result: 'passed', seconds, failures: [], log: null }
  return { result: 'failed', seconds, failures: failuresIn(output), log: keep(output) }
}

function outputOf(command, args, env, signal) {
  // A process group of its own: all processes of the run are ended together.
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const end = () => child.pid !== undefined && process.kill(-child.pid, 'SIGINT')
  signal.addEventListener('abort', end, { once: true })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      signal.removeEventListener('abort', end)
      resolve({ code, output })
    })
  })
}

/** Keeps the output of a run that failed, in a new file of the system's temporary directory. */
function keep(output) {
  const file = join(mkdtempSync(join(tmpdir(), 'coreyard-stress-')), 'output.txt')
  writeFileSync(file, output)
  return file
}
