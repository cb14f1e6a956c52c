// A process of its own that has a store open.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export interface Holder {
  /** Ends the process, which closes its store. */
  end(): Promise<void>
}

/** Starts a process that opens a store in that directory, and waits until it has. */
export async function holderOf(directory: string): Promise<Holder> {
  const script = fileURLToPath(new URL('holder-process.js', import.meta.url))
  const child = spawn(process.execPath, [script, directory], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const end = async (): Promise<void> => {
    child.stdin.end()
    await exited
  }
  onTestFinished(end)
  const [said] = await Promise.race([once(child.stdout, 'data'), exited])
  if (!(said instanceof Uint8Array)) throw new Error('The process that was to hold the directory ended')
  return { end }
}
