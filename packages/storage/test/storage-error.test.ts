import { writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FileStorage } from '@coreyard/random-access-kv/file'
import { describe, expect, it } from 'vitest'
import { fileStorage, StorageError, toStorageError } from '../src/index.js'
import { emptyDirectory } from './directories.js'
import { engineOf } from './engines.js'

const DIRECTORY = '/data/store'

// What RocksDB, device-file, fd-lock and Node.js say; the other tests provoke most of it.
const errors: [string, string | undefined, string][] = [
  ['STORAGE_LOCKED', undefined, 'File descriptor could not be locked'],
  ['STORAGE_LOCKED', 'EIO', `While lock file: ${DIRECTORY}/db/LOCK: Resource temporarily unavailable`],
  [
    'STORAGE_LOCKED',
    'EIO',
    `lock hold by current process, acquire time 1795255711 acquiring thread 6534: ${DIRECTORY}/db/LOCK: No locks available`,
  ],
  ['STORAGE_FULL', 'ENOSPC', `While appending to file: ${DIRECTORY}/db/000004.log: No space left on device`],
  ['STORAGE_FULL', 'EIO', `While fsync: ${DIRECTORY}/db/000004.log: No space left on device`],
  ['STORAGE_FULL', 'ENOSPC', 'ENOSPC: no space left on device, write'],
  ['STORAGE_FULL', 'EIO', `While appending to file: ${DIRECTORY}/db/000004.log: Disk quota exceeded`],
  ['STORAGE_CORRUPT', 'EIO', 'CURRENT file does not end with newline'],
  [
    'STORAGE_CORRUPT',
    'EIO',
    `block checksum mismatch: stored(context removed) = 1, computed = 2, type = 4  in ${DIRECTORY}/db/000009.sst offset 0 size 216`,
  ],
  [
    'STORAGE_CORRUPT',
    'ENOENT',
    `While opening a file for sequentially reading: ${DIRECTORY}/db/MANIFEST-000005: No such file or directory`,
  ],
  ['STORAGE_MOVED', 'DEVICE_FILE', 'Invalid device file, was moved unsafely'],
  ['STORAGE_MOVED', 'DEVICE_FILE', 'Invalid device file, was modified'],
  ['STORAGE_MOVED', 'DEVICE_FILE', 'Invalid device file, was made on different platform'],
  ['STORAGE_CONFLICT', 'DEVICE_FILE', 'Invalid device file, id has changed. Was a, is b'],
  ['STORAGE_CONFLICT', 'EINVAL', 'Column families not opened: other'],
  ['STORAGE_NO_STORE', 'EINVAL', 'Column family not found: corestore'],
  ['READ_ONLY', 'ENOSYS', 'Not supported operation in read only mode.'],
  ['STORAGE_NOT_WRITABLE', 'EACCES', `EACCES: permission denied, mkdir '${DIRECTORY}'`],
  ['STORAGE_NOT_WRITABLE', 'EROFS', `EROFS: read-only file system, open '${DIRECTORY}/CORESTORE'`],
  ['STORAGE_NOT_WRITABLE', 'EIO', `while open a file for lock: ${DIRECTORY}/db/LOCK: Permission denied`],
  ['STORAGE_NOT_WRITABLE', 'EIO', `While mkdir if missing: ${DIRECTORY}/db: Read-only file system`],
  ['STORAGE_FAILED', 'EIO', `While fsync: ${DIRECTORY}/db/000004.log: Input/output error`],
  ['STORAGE_FAILED', undefined, 'Unsupported version'],
]

describe('an error of the storage', () => {
  it.each(errors)('is %s for %s %s', (code, causeCode, message) => {
    const cause = Object.assign(new Error(message), causeCode === undefined ? {} : { code: causeCode })
    const error = toStorageError(cause, DIRECTORY)
    expect(error).toBeInstanceOf(StorageError)
    expect(error).toMatchObject({ name: 'StorageError', code, directory: DIRECTORY, cause })
    expect(error.message.startsWith(`${DIRECTORY} `)).toBe(true)
  })

  it('is recognised by the cause of a batch that was not applied', () => {
    const cause = Object.assign(new Error(`While appending to file: ${DIRECTORY}/db/4.log: File too large`), {
      code: 'EIO',
    })
    const error = toStorageError(new Error('Batch was not applied', { cause }), DIRECTORY)
    expect(error.code).toBe('STORAGE_FULL')
    expect(error.message).toContain(cause.message)
  })

  it('does not depend on the name of the directory', () => {
    const directory = '/data/corrupt checksum mismatch ENOSPC'
    const cause = new Error(`While lock file: ${directory}/db/LOCK: Resource temporarily unavailable`)
    expect(toStorageError(cause, directory).code).toBe('STORAGE_LOCKED')
    expect(toStorageError(new Error(`${directory} said no`), directory).code).toBe('STORAGE_FAILED')
  })

  it('does not depend on the name of the file', async () => {
    const path = join(emptyDirectory(), 'corrupt')
    writeFileSync(path, '')
    for (const directory of [null, dirname(path)]) {
      const cause: unknown = await mkdir(join(path, 'store'), { recursive: true }).catch((error) => error)
      expect(toStorageError(cause, directory)).toMatchObject({ code: 'STORAGE_NOT_WRITABLE', cause })
    }
    const file = (name: string) => new FileStorage(join(path, name))
    for (const argument of [file, fileStorage(path), fileStorage(join(path, 'store'))]) {
      await expect(engineOf(argument).open()).rejects.toMatchObject({ code: 'STORAGE_NOT_WRITABLE' })
    }
  })

  it('stays unchanged when it is a StorageError', () => {
    const error = new StorageError('STORAGE_FULL', 'full', DIRECTORY)
    expect(toStorageError(error, null)).toBe(error)
  })

  it('is made of any value, also without a directory', () => {
    expect(toStorageError('no', null)).toMatchObject({
      code: 'STORAGE_FAILED',
      directory: null,
      message: 'The storage failed (no)',
      cause: 'no',
    })
  })
})
