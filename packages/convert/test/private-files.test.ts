import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { emptyDirectory } from '../../storage/test/directories.js'
import { convert } from '../src/index.js'
import { engineOf } from './engines.js'

const umask = process.umask()
afterEach(() => {
  process.umask(umask)
})

describe.each([0o022, 0o000, 0o077])('under the umask %i', (mask) => {
  it.each(['rocksdb', 'random-access'] as const)(
    'only the owner can read what a conversion to %s makes',
    async (engine) => {
      const parent = emptyDirectory()
      process.umask(mask)
      const source = engineOf(join(parent, 'source'))
      await source.open()
      await source.close()
      await convert(join(parent, 'source'), join(parent, 'to'), { to: { engine } })
      expectPrivate(parent)
    },
  )
})

function expectPrivate(parent: string): void {
  for (const name of readdirSync(parent, { recursive: true, encoding: 'utf8' })) {
    const path = join(parent, name)
    expect([name, modeOf(path)]).toEqual([name, statSync(path).isDirectory() ? 0o700 : 0o600])
  }
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777
}
