// Where the app keeps the key of its encrypted storage: a file of 32 bytes that only its owner may read. Keep it on another
// disk than the store, or it protects nothing.
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'

/** The 32 bytes in `file`, which is made on the first run. */
export async function openKey(file: string): Promise<Uint8Array> {
  try {
    // 'wx' never replaces a key that is there.
    await writeFile(file, randomBytes(32), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  const key = await readFile(file)
  if (key.byteLength !== 32) throw new Error(`${file} must have 32 bytes, and has ${key.byteLength}`)
  return key
}
