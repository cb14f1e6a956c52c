// The package as a consumer meets it: where it runs, and what its types need.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const PACKAGE = fileURLToPath(new URL('..', import.meta.url))

/** The files of the package that a module loads, itself included. */
function loads(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const source = fs.readFileSync(path.join(PACKAGE, 'dist', file), 'utf8')
  for (const [, specifier] of source.matchAll(/from ["'](\.\/[^"']+)["']/g))
    loads(path.normalize(specifier ?? ''), seen)
  return seen
}

test('the engine imports nothing of Node.js, so that it runs in a browser', () => {
  const files = [...loads('index.js')]
  expect(files.length).toBeGreaterThan(1)
  for (const file of files) {
    const source = fs.readFileSync(path.join(PACKAGE, 'dist', file), 'utf8')
    expect(source, file).not.toMatch(/from ["'](node:|fs-native|abstract-level)/)
    expect(source, file).not.toMatch(/\bBuffer\b/)
  }
})

test('a consumer compiles it with strict, checking its types, without the types of Node.js', () => {
  const directory = fs.mkdtempSync(path.join(PACKAGE, 'dist', 'consumer-'))
  try {
    const program = `
import { KvError, RandomAccessKV, type Operation, type RandomAccessStorage } from '@coreyard/random-access-kv'
import { FileStorage } from '@coreyard/random-access-kv/file'

export async function use(storage: RandomAccessStorage): Promise<Uint8Array | null> {
  await using kv = new RandomAccessKV(storage)
  await using other = new RandomAccessKV((name) => new FileStorage(name), { sync: 'always' })
  const operations: Operation[] = [{ type: 'clear', gte: new Uint8Array(1) }]
  await kv.batch(operations).catch((error: unknown) => error instanceof KvError && error.code === 'KV_LOCKED')
  await using snapshot = other.snapshot()
  for await (const { key, value } of snapshot.iterator({ reverse: true, limit: 3 })) await kv.put(key, value)
  return kv.tryGet(new Uint8Array(1)) ?? null
}
`
    fs.writeFileSync(path.join(directory, 'use.ts'), program)
    const config = {
      compilerOptions: {
        strict: true,
        noEmit: true,
        skipLibCheck: false,
        target: 'es2022',
        lib: ['es2022'],
        module: 'nodenext',
        types: [],
      },
      files: ['use.ts'],
    }
    fs.writeFileSync(path.join(directory, 'tsconfig.json'), JSON.stringify(config))
    execFileSync('npx', ['tsc', '-p', directory], { cwd: PACKAGE, stdio: 'pipe', encoding: 'utf8' })
  } catch (error) {
    throw new Error((error as { stdout?: string }).stdout ?? 'The compiler failed', { cause: error })
  } finally {
    fs.rmSync(directory, { recursive: true })
  }
})
