// The lock on a store's directory: its file CORESTORE (package device-file). The file also shows whether the directory was copied or
// moved. rocksdb/directory-gate.ts has the other checks before RocksDB opens.
import { link, open, rm } from 'node:fs/promises'
import b4a from 'b4a'
import DeviceFile from 'device-file'
import crypto from 'hypercore-crypto'
import { hasCode } from '../errors/error-codes.js'
import { withStorageErrors } from '../errors/with-storage-errors.js'
import { exists, makePrivate } from './files.js'
import type { StoreFiles } from './layout.js'
import { type Waiting, waitForLock } from './wait-for-lock.js'

export interface DeviceLockOptions extends Pick<Waiting, 'wait' | 'signal'> {
  /** If the directory was made with an `id`, it must be the same. */
  readonly id: string | null
}

/** Locks the device file of an existing directory, and creates the file if it is missing. Rejects with a `StorageError`. */
export function lockDevice(
  { device, directory }: StoreFiles,
  { id, wait, signal }: DeviceLockOptions,
): Promise<DeviceFile> {
  // The `wait` of device-file blocks one of libuv's four threads and cannot be aborted.
  const locking = waitForLock(() => tryLockDevice(device, id), { wait, signal, directory })
  return withStorageErrors(locking, directory)
}

async function tryLockDevice(path: string, id: string | null): Promise<DeviceFile> {
  const complete = (await exists(path)) || (await createDevice(path, id))
  const device = new DeviceFile(path, { create: !complete, lock: true, data: { id } })
  try {
    await device.ready()
    if (!complete) await makePrivate(path)
    return device
  } catch (error) {
    await device.lock?.close()
    // device-file reports a file that it has no permission to open as missing.
    if (error instanceof Error && error.message === 'No device file present') {
      await (await open(path, 'r+')).close()
    }
    throw error
  }
}

/**
 * Makes a device file that is complete from the first moment, or finds one that has been made meanwhile:
 * device-file would truncate that, and the directory could never be opened again. `false` where the file system
 * has no hard links.
 */
async function createDevice(path: string, id: string | null): Promise<boolean> {
  const draft = `${path}.${b4a.toString(crypto.randomBytes(8), 'hex')}`
  const device = new DeviceFile(draft, { lock: true, data: { id } })
  try {
    await device.ready()
    await makePrivate(draft)
    await link(draft, path)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return true
    if (error instanceof Error && 'syscall' in error && error.syscall === 'link') return false
    throw error
  } finally {
    await device.lock?.close()
    await rm(draft, { force: true })
  }
}
