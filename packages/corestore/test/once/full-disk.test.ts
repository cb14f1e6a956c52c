// A disk that takes no more: appending fails and says why, and all that was acknowledged is there.

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import RAM from 'random-access-memory'
import { describe, expect, test } from 'vitest'
import Corestore, { type StoreOptions } from '../../src/index.js'
import { text } from '../helpers/bytes.js'
import { emptyDirectory } from '../helpers/directories.js'
import { range } from '../helpers/open-store.js'

/** How large a file may become, in units of 1,024 bytes: to the file system it is the same as a full disk. */
const LIMIT = 3000

const ENGINES: readonly StoreOptions[] = [{ engine: 'rocksdb' }, { engine: 'random-access' }]

describe.each(ENGINES)('with $engine', (options) => {
  test('every write fails as that, and nothing acknowledged is lost', async () => {
    const directory = emptyDirectory()
    const { acknowledged, length, errors } = fill(directory, options)
    expect(acknowledged).toBeGreaterThan(10)
    expect(length).toBe(acknowledged)
    expect(errors).toHaveLength(3)
    for (const error of errors) {
      expect(error).toMatchObject({ name: 'StorageError', code: 'STORAGE_FULL', directory })
      expect(error).toMatchObject({
        message: expect.stringContaining(`${directory} is on a disk that is full`),
      })
    }

    await using store = new Corestore(directory, options)
    const core = store.get({ name: 'a' })
    await core.ready()
    expect(core.length).toBe(length)
    for (const index of range(length))
      expect((await core.get(index))?.every((byte) => byte === index)).toBe(true)
    for await (const { audit } of store.audit({ dryRun: true })) {
      expect(audit).toMatchObject({ corrupt: false, droppedTreeNodes: 0, droppedBlocks: 0, droppedBits: 0 })
    }
    await core.append('there is space again')
    expect(core.length).toBe(length + 1)
  })
})

test('a storage of one’s own that is full for a while goes on afterwards', async () => {
  let full = false
  class Storage extends RAM {
    override _write(request: Parameters<RAM['_write']>[0]): void {
      const noSpace = Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' })
      if (full) request.callback(noSpace)
      else super._write(request)
    }
  }
  await using store = new Corestore(Storage)
  const core = store.get({ name: 'a' })
  await core.append('first')
  full = true
  const message = expect.stringContaining('The storage is on a disk that is full')
  await expect(core.append('second')).rejects.toMatchObject({
    code: 'STORAGE_FULL',
    message,
    directory: null,
  })
  await expect(store.get({ name: 'b' }).ready()).rejects.toMatchObject({ code: 'STORAGE_FULL', message })
  full = false
  await core.append('third')
  expect(text(await core.get(1))).toBe('third')
  await store.get({ name: 'b' }).append('first')
})

/** Runs filling-process.js with a limit to its files. */
function fill(
  directory: string,
  options: StoreOptions,
): { acknowledged: number; length: number; errors: object[] } {
  const script = fileURLToPath(new URL('../helpers/filling-process.js', import.meta.url))
  const command = `ulimit -f ${LIMIT}; exec "$0" "$@"`
  const args = ['-c', command, process.execPath, script, directory, JSON.stringify(options)]
  return JSON.parse(execFileSync('bash', args, { encoding: 'utf8' }))
}
