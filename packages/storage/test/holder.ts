// A process of its own that has a directory open, with hypercore-storage as Corestore 7 uses it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export interface Holder {
  /** Ends the process, and with it its hold on the directory. */
  end(): Promise<void>
}

export async function holderOf(directory: string, options: { allowBackup?: boolean } = {}): Promise<Holder> {
  const script = fileURLToPath(new URL('holder-process.js', import.meta.url))
  const child = spawn(process.execPath, [script, directory, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const end = async (): Promise<void> => {
    child.stdin.end()
    await exited
  }
  onTestFinished(end)
  const started: unknown = await Promise.race([once(child.stdout, 'data').then(() => true), exited])
  if (started !== true) throw new Error('The process that was to hold the directory ended')
  return { end }
}
