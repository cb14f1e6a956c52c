// `file:` URLs as the two sides of a conversion.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fileStorage, storageEngine } from '@coreyard/storage'
import { expect, test } from 'vitest'
import { emptyDirectory } from '../../storage/test/directories.js'
import { convert } from '../src/index.js'

test('a URL is a directory for fileStorage and convert, too', async () => {
  const from = join(emptyDirectory(), 'the source')
  const to = join(emptyDirectory(), 'the destination')
  const source = storageEngine(fileStorage(pathToFileURL(from)))
  await source.open()
  await source.close()
  await convert(pathToFileURL(from), pathToFileURL(to))
  const copy = storageEngine(to, { readOnly: true })
  await copy.open()
  await copy.close()
  await expect(convert(from, pathToFileURL(from).href)).rejects.toThrow('cannot be converted into itself')
})
