// Directories that are gone when the test has finished.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'coreyard-bench-test-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}
