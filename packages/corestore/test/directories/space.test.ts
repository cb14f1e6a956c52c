// What a store takes of the disk.

import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { emptyDirectory } from '../helpers/directories.js'
import { openStoreIn, range } from '../helpers/open-store.js'

test('a core that is deleted gives its space back to the disk', async () => {
  const directory = emptyDirectory()
  const store = openStoreIn(directory)
  await store.ready()
  const core = store.get({ name: 'a' })
  for (const _ of range(32)) await core.append(range(16).map(() => randomBlock()))
  await core.close()
  await store.close()
  const full = bytesOnDisk(directory)

  const again = openStoreIn(directory)
  await again.delete({ name: 'a' })
  await again.close()
  expect(full).toBeGreaterThan(32 * 2 ** 20)
  expect(bytesOnDisk(directory)).toBeLessThan(2 ** 20)
})

function randomBlock(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(65536))
}

function bytesOnDisk(directory: string): number {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  return paths.reduce((sum, path) => sum + statSync(join(directory, path)).size, 0)
}
