// The packages as their users get them: packed, installed, compiled against, imported and required.

import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Consumer, entryPoints, installPacked, packageFolders, ROOT } from './packed.js'

const require = createRequire(import.meta.url)
let consumer: Consumer

beforeAll(() => {
  consumer = installPacked()
})
afterAll(() => consumer.remove())

describe.each(['nodenext', 'bundler'])('with module resolution %s', (moduleResolution) => {
  test.each([
    ['without the types of Node.js', []],
    ['with the types of Node.js', ['node']],
  ])('a consumer compiles with strict and without skipLibCheck, %s', (_, types) => {
    const project = join(consumer.directory, 'tsconfig.json')
    const compilerOptions = {
      target: 'es2022',
      lib: ['es2023'],
      module: moduleResolution === 'bundler' ? 'esnext' : moduleResolution,
      moduleResolution,
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      types,
      typeRoots: [join(ROOT, 'node_modules/@types')],
    }
    writeFileSync(project, JSON.stringify({ compilerOptions, files: ['types.ts'] }))
    const { stdout } = spawnSync(process.execPath, [join(ROOT, 'node_modules/.bin/tsc'), '-p', project])
    expect(stdout.toString()).toBe('')
  })
})

/** A server and a terminal, for a program on Node.js. */
const NODE_ONLY = ['window']

describe.each(packageFolders())('the package %s', (folder) => {
  test('is imported and required', () => {
    for (const entry of entryPoints(consumer, folder)) {
      const program = `require(${JSON.stringify(entry)}); import(${JSON.stringify(entry)}).then(() => console.log('both'))`
      const output = execFileSync(process.execPath, ['-e', program], { cwd: consumer.directory })
      expect(output.toString()).toBe('both\n')
    }
  })

  test('has a module of Bare for each module of Node.js that it imports', () => {
    const directory = join(consumer.directory, 'node_modules/@coreyard', folder)
    const { imports = {}, bin } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
    if (bin !== undefined || NODE_ONLY.includes(folder)) return // for Node.js only
    // Sockets of the file system, umask and users are those of Node.js.
    const files = readdirSync(join(directory, 'dist')).filter(
      (file) => file.endsWith('.js') && file !== 'socket.js',
    )
    const sources = files.map((file) => readFileSync(join(directory, 'dist', file), 'utf8'))
    const imported = sources.flatMap((source) => source.match(/(?<=from ")node:[^"]+/g) ?? [])
    expect(imported.filter((module) => imports[module]?.bare === undefined)).toEqual([])
  })

  test('is sound to publint', async () => {
    const pkgDir = join(consumer.directory, 'node_modules/@coreyard', folder)
    const { messages: found, pkg } = await publint({ pkgDir, pack: false })
    // Bare, and bundlers, read an entry of `imports` for a module of Node.js; Node.js itself leaves it alone.
    const messages = found.filter(
      ({ code, path }) => code !== 'IMPORTS_KEY_INVALID' || !path[1]?.startsWith('node:'),
    )
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  })

  test('has types that are right, as attw sees them', () => {
    const attw = join(require.resolve('@arethetypeswrong/cli/package.json'), '../dist/index.js')
    const tarball = consumer.tarballs.get(folder) ?? expect.fail('not packed')
    // Declarations of other packages' modules: they have no module of their own to be resolved to.
    const excluded = folder === 'hypercore-types' ? ['--exclude-entrypoints', './ambient'] : []
    const args = [tarball, '--profile', 'esm-only', ...excluded]
    const { status, stdout } = spawnSync(process.execPath, [attw, ...args])
    expect(status, stdout.toString()).toBe(0) // it is 1 for any problem that the profile does not ignore
  })
})

test('a store is installed without the package that converts, and without the reader of Corestore 6', () => {
  const installed = new Set<string>()
  const install = (name: string) => {
    if (installed.has(name)) return
    installed.add(name)
    if (!name.startsWith('@coreyard/')) return
    const file = join(consumer.directory, 'node_modules', name, 'package.json')
    const { dependencies = {}, peerDependencies = {} } = JSON.parse(readFileSync(file, 'utf8'))
    for (const dependency of Object.keys({ ...dependencies, ...peerDependencies })) install(dependency)
  }
  install('@coreyard/corestore')
  expect([...installed]).toEqual(expect.arrayContaining(['@coreyard/storage', 'hypercore']))
  const unneeded = ['@coreyard/convert', 'crc-universal', 'random-access-file']
  expect(unneeded.filter((name) => installed.has(name))).toEqual([])
})
