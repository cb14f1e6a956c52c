// Runs the built program as its own process, as a user would.
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { Keychain } from '@coreyard/keychain'
import { afterEach, beforeEach, expect, test } from 'vitest'

const program = fileURLToPath(new URL('../dist/index.js', import.meta.url))
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

let directory: string
let keyFile: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'keychain-only-'))
  keyFile = join(directory, 'primary.key')
})

afterEach(async () => {
  await rm(directory, { recursive: true })
})

test('makes a primary key on the first run and shows the same identities on the next', async () => {
  const first = await run(keyFile)
  const second = await run(keyFile)
  expect(first).toEqual(second)
  expect(first.code).toBe(0)

  const rows = parse(first.stdout)
  const identities = ['laptop/profile', 'laptop/messages', 'phone/profile', 'phone/messages'].map((id) =>
    rows.get(id),
  )
  for (const identity of identities) expect(identity).toMatch(/^[0-9a-f]{64}$/)
  expect(new Set(identities).size).toBe(4)
})

test('shows the keys that the keychain derives from the stored primary key', async () => {
  const primaryKey = new Uint8Array(32).fill(1)
  await writeFile(keyFile, primaryKey)
  const rows = parse((await run(keyFile)).stdout)
  const laptop = Keychain.from(primaryKey).namespace('example-app').namespace('laptop')
  expect(rows.get('laptop/profile')).toBe(toHex(laptop.keyPair('profile').publicKey))
  expect(rows.get('laptop/messages')).toBe(toHex(laptop.keyPair('messages').publicKey))
  expect(rows.get('signature')).toBe(toHex(laptop.sign('messages', 'Hello from my laptop')))
})

test('signs the message it is given, so that the message verifies and an altered one does not', async () => {
  const rows = parse((await run(keyFile, 'Grüße vom Laptop')).stdout)
  expect(rows.get('message')).toBe('Grüße vom Laptop')
  expect(rows.get('signature')).toMatch(/^[0-9a-f]{128}$/)
  expect(rows.get('verified')).toBe('true')
  expect(rows.get('altered message')).toBe('false')
})

test('stores the primary key for its owner only, and never prints it', async () => {
  const { stdout, stderr } = await run(keyFile)
  const primaryKey = await readFile(keyFile)
  expect(primaryKey.byteLength).toBe(32)
  expect(stdout + stderr).not.toContain(toHex(primaryKey))
  if (process.platform !== 'win32') expect((await stat(keyFile)).mode & 0o777).toBe(0o600)
})

test('says what is wrong with a file that is no primary key, and leaves it as it is', async () => {
  await writeFile(keyFile, 'not a key')
  const { code, stdout, stderr } = await run(keyFile)
  expect(code).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toBe(`${keyFile}: A primary key must be a Uint8Array of 32 bytes, not 9 bytes\n`)
  expect(await readFile(keyFile, 'utf8')).toBe('not a key')
})

async function run(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exited])
  return { code, stdout, stderr }
}

/** The rows of the program's output: a label of 16 characters, then its value. */
function parse(stdout: string): Map<string, string> {
  const lines = stdout.trimEnd().split('\n')
  return new Map(lines.map((line) => [line.slice(0, 16).trimEnd(), line.slice(17)]))
}
