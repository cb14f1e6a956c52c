// Paths of directories, in a browser, and what takes the place of everything that is for directories only.
import { badArgument, describe } from '../errors/bad-argument.js'

/** Always throws: a browser has no directories. */
export function absoluteDirectory(path: string): string {
  throw badArgument(
    `a browser has no directories, so that storage cannot be ${describe(path, 'word')}: use opfsStorage(name) of ` +
      '@coreyard/random-access-opfs, or memoryStorage()',
  )
}

/** Takes the place of a class for directories. */
export class NoDirectory {
  constructor() {
    throw new Error('A browser has no directories')
  }
}
