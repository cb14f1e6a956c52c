// Paths of directories, in a browser.
import { badArgument, describe } from '../errors/bad-argument.js'

/** Always throws: a browser has no directories. */
export function absoluteDirectory(path: string): string {
  throw badArgument(
    `a browser has no directories, so that storage cannot be ${describe(path, 'word')}: use opfsStorage(name) of ` +
      '@coreyard/random-access-opfs, or memoryStorage()',
  )
}
