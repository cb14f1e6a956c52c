// The declarations of the packed packages, as the compilers of their users read them.

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { effort } from '../helpers/effort.js'
import { type Consumer, installPacked, ROOT } from './packed.js'

const CURRENT = 'current'
const COMPILERS = effort(1, 0) ? ['5.4', '5.6', '5.8', '6.0', CURRENT] : ['5.4', CURRENT]
/** Where the types of the oldest and of the newest Node.js are. */
const NODE_TYPES = { 'the oldest': ROOT, 'the newest': join(ROOT, 'compilers/node-26') }
const ES_MODULES = ['esm.mts', 'node.mts']
const COMMON_JS = ['cjs.cts', 'interop.cts']

let consumer: Consumer

beforeAll(() => {
  consumer = installPacked()
})
afterAll(() => consumer.remove())

/** What a compiler says of the consumer's program. */
function compile(compiler: string, files: string[], options: object): string {
  const project = join(consumer.directory, 'tsconfig.json')
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023'],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    types: [],
    typeRoots: [join(ROOT, 'node_modules/@types')],
    ...options,
  }
  writeFileSync(project, JSON.stringify({ compilerOptions, files }))
  const within = compiler === CURRENT ? ROOT : join(ROOT, 'compilers', compiler)
  const tsc = join(within, 'node_modules/typescript/bin/tsc')
  return spawnSync(process.execPath, [tsc, '-p', project]).stdout.toString()
}

describe.each(COMPILERS)('TypeScript %s', (compiler) => {
  test('reads the declarations in ES modules and in CommonJS modules, without the types of Node.js', () => {
    const files = ['esm.mts', ...COMMON_JS]
    expect(compile(compiler, files, { module: 'nodenext', esModuleInterop: true })).toBe('')
  })

  test('reads them with the types of Node.js, where keys are Buffers', () => {
    const files = [...ES_MODULES, 'cjs.cts']
    expect(compile(compiler, files, { module: 'node16', types: ['node'] })).toBe('')
  })

  test('reads them with module resolution bundler and skipLibCheck', () => {
    const options = { module: 'esnext', moduleResolution: 'bundler', skipLibCheck: true, types: ['node'] }
    expect(compile(compiler, ES_MODULES, options)).toBe('')
  })

  test('reads import = require with module resolution bundler', () => {
    const options = { module: 'preserve', moduleResolution: 'bundler' }
    expect(compile(compiler, ['cjs.cts'], options)).toBe('')
  })
})

test.each(Object.entries(NODE_TYPES))(
  'streams, keys and signals fit the types of %s Node.js',
  (_, within) => {
    const typeRoots = [join(within, 'node_modules/@types')]
    const options = { module: 'nodenext', types: ['node'], typeRoots }
    expect(compile(CURRENT, ['streams.mts', 'node.mts'], options)).toBe('')
  },
)

test('TypeScript 5.4 reads them with the module resolution of CommonJS projects, node10', () => {
  const options = { module: 'commonjs', moduleResolution: 'node10', esModuleInterop: true }
  expect(compile('5.4', COMMON_JS, options)).toBe('')
})

test('without the types of Node.js, a key is a Uint8Array, whose toString takes no encoding', () => {
  const options = { module: 'nodenext' }
  expect(compile(CURRENT, ['node.mts'], options)).toMatch(
    /node\.mts\(\d+,\d+\): error TS2554: Expected 0 arguments/,
  )
})

test('the declarations for require have every type that the ES module exports', () => {
  const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
  const exported = [...read('dist/index.d.ts').matchAll(/^export (?:type )?{(.*)}/gm)].flatMap(
    ([, names = '']) => names.split(',').flatMap((name) => name.replace(/^\s*type\s/, '').trim() || []),
  )
  const values = new Set(['corestore', 'fileStorage', 'memoryStorage'])
  const types = exported.filter((name) => !values.has(name)).sort()
  const required = [...read('require.d.cts').matchAll(/^ {2}type (\w+)/gm)].map(([, name]) => name).sort()
  expect(required).toEqual(types)
})
