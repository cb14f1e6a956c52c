// Paths of directories. A browser has none: there, this is directory-path.browser.ts.
import { resolve } from 'node:path'

/** Returns an absolute path, which stays the same when the working directory changes. */
export function absoluteDirectory(path: string): string {
  return resolve(path)
}
