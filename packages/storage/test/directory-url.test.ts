// A `file:` URL in place of the path of a directory.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { type StorageArgument, storageEngine } from '../src/index.js'
import { emptyDirectory } from './directories.js'

const name = 'a store of ünusual name, 100%'

test.each([
  ['a URL', (path: string) => pathToFileURL(path)],
  ['the text of a URL', (path: string) => pathToFileURL(path).href],
  ['the text of a URL with a host', (path: string) => `file://localhost${pathToFileURL(path).pathname}`],
])('%s is the directory that it names', async (_, urlOf) => {
  const directory = join(emptyDirectory(), name)
  const engine = storageEngine(urlOf(directory))
  expect(engine.directory).toBe(directory)
  await engine.open()
  await engine.close()
  expect(existsSync(directory)).toBe(true)
})

test.each<[string, StorageArgument]>([
  ['of another kind', new URL('https://example.com/store')],
  ['of another kind, as text', 'https://example.com/store'],
  ['of another machine', 'file://server/store'],
  ['with a slash in a name', 'file:///home/a%2Fb'],
  ['that is not encoded', 'file:///home/100%'],
])('a URL %s is refused, and no directory is made of it', (_, url) => {
  expect(() => storageEngine(url)).toThrow(
    expect.objectContaining({
      name: 'TypeError',
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining('URL'),
    }),
  )
})
