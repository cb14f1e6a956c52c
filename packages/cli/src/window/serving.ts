// The web page of the window, for as long as a command works.

import type { Source } from '@coreyard/window'
import { CommandError, ExitCode } from '../errors.js'

/** Serves the window for as long as `use` takes, which is given its address. */
export async function whileShown<T>(
  source: Source,
  port: number,
  use: (address: string) => Promise<T>,
): Promise<T> {
  const { serveWindow } = await import('@coreyard/window')
  const window = await serveWindow(source, { port }).catch((error: Error) => {
    throw new CommandError(ExitCode.failed, 'WINDOW', `The window cannot be served: ${error.message}`)
  })
  try {
    return await use(window.address)
  } finally {
    await window.close()
  }
}
