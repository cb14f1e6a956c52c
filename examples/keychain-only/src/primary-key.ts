// Where the app keeps its primary key: a file of 32 bytes that only its owner may read.
import { readFile, writeFile } from 'node:fs/promises'
import { Keychain } from '@coreyard/keychain'

/** The keychain of the primary key in `file`, which is made on the first run. */
export async function openKeychain(file: string): Promise<Keychain> {
  try {
    return Keychain.from(await readFile(file))
  } catch (error) {
    if (!isMissingFile(error)) throw error
    return await createKeychain(file)
  }
}

async function createKeychain(file: string): Promise<Keychain> {
  const keychain = Keychain.generate()
  const primaryKey = keychain.exportPrimaryKey()
  // 'wx' never replaces a key that another run has written in the meantime.
  await writeFile(file, primaryKey, { flag: 'wx', mode: 0o600 })
  primaryKey.fill(0)
  return keychain
}

function isMissingFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
