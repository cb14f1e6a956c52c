// Replaces directory-gate.ts in a browser, which has no directories: argument/directory-path.browser.ts keeps the engine from using it.

/** Takes the place of a class that the engine imports. */
export class NoDirectory {
  constructor() {
    throw new Error('A browser has no directories')
  }
}

export { NoDirectory as DirectoryGate }
