// Paths of directories. A browser has none: there, this is directory-path.browser.ts.
import { resolve } from 'node:path'

/** The same directory, whatever the working directory becomes. */
export function absoluteDirectory(path: string): string {
  return resolve(path)
}
