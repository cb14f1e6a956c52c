// What a directory has, in a browser, which has none: argument/directory-path.browser.ts keeps the engine from making one.

/** Stands for a class that the engine names. */
export class NoDirectory {
  constructor() {
    throw new Error('A browser has no directories')
  }
}

export { NoDirectory as DirectoryGate }
