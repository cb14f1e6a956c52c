// The example of README.md and of `src/index.ts`, run by `files.test.ts`.
import { type FileHandle, open } from 'node:fs/promises'
import { Pool } from '../src/index.js'

class LogFile {
  readonly path: string
  handle: FileHandle | null = null

  constructor(path: string) {
    this.path = path
  }
}

export const logs = new Pool<LogFile>(
  {
    create: (path) => new LogFile(path),
    open: async (log) => {
      log.handle = await open(log.path, 'a')
    },
    close: async (log) => log.handle?.close(),
  },
  { maxIdle: 100, idleTimeout: 60_000 },
)

export async function writeLine(path: string, line: string): Promise<void> {
  const lease = logs.acquire(path)
  try {
    const log = await lease.ready()
    await log.handle?.appendFile(`${line}\n`)
  } finally {
    lease.release()
  }
}
