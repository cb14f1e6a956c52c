// The packages in a browser, as users have them: packed, installed, bundled with the defaults of Vite and esbuild, or with the plugin of
// the documents, and run by a real Chromium.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Plugin as EsbuildPlugin } from 'esbuild'
import type { Plugin as VitePlugin } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Site } from './site.js'

/** Bytes of the store with its cryptography, as a server sends it. */
const MOST_BYTES = 200_000

/** The oldest browsers that Vite 7 builds for. */
const OLDER = ['chrome107', 'edge107', 'firefox104', 'safari16']

let site: Site
beforeAll(async () => {
  site = await Site.start()
})
afterAll(() => site.close())

describe('a page with a store', () => {
  test.each<[string, (page: string) => Promise<string>]>([
    ['without a bundler', (page) => site.unbundled(page)],
    ['bundled by esbuild', (page) => site.bundledByEsbuild(page)],
    ['bundled for the browsers of Vite 7', (page) => site.bundledByEsbuild(page, [], { target: OLDER })],
    ['built by Vite', (page) => site.builtByVite(page)],
  ])('%s needs no configuration', async (_, bundle) => {
    expect(await site.result(await bundle('store'))).toEqual({
      text: 'hello',
      codes: [
        expect.stringMatching(/^BAD_ARGUMENT: a browser has no directories.*memoryStorage\(\)$/),
        expect.stringMatching(/^BAD_ARGUMENT: a browser has no directories/),
      ],
    })
  })

  test("served by Vite's development server needs no configuration", async () => {
    expect(await site.resultServedByVite('store')).toMatchObject({ text: 'hello' })
  })
})

describe('Hypercore, Hyperbee, Hyperdrive and Autobase', () => {
  const expected = {
    isShared: true,
    lines: passed(
      'memory',
      'random-access',
      'replication',
      'encryption',
      'suspended random-access',
      'idle',
      'backup',
      'hyperbee',
      'hyperdrive',
      'autobase',
    ),
  }

  test('bundled by esbuild with the plugin share the Hypercore of the store', async () => {
    const plugin = await site.plugin<EsbuildPlugin>('esbuild')
    expect(await site.result(await site.bundledByEsbuild('ecosystem', [plugin]))).toEqual(expected)
  })

  test('built by Vite with the plugin share the Hypercore of the store', async () => {
    const plugin = await site.plugin<VitePlugin>('vite')
    expect(await site.result(await site.builtByVite('ecosystem', [plugin]))).toEqual(expected)
  })

  test("served by Vite's development server with the plugin share the Hypercore of the store", async () => {
    const plugin = await site.plugin<VitePlugin>('vite')
    expect(await site.resultServedByVite('ecosystem', [plugin])).toEqual(expected)
  })
})

describe('in files of the browser a store does all it does in files', () => {
  const parts = [
    'random-access',
    'locked random-access',
    'suspended random-access',
    'encryption',
    'backup',
    'hyperdrive',
    'autobase',
  ]

  test('on a page', async () => {
    const plugin = await site.plugin<EsbuildPlugin>('esbuild')
    expect(await site.result(await site.bundledByEsbuild('opfs', [plugin]))).toEqual(passed(...parts))
  })

  test('in a worker', async () => {
    const plugin = await site.plugin<VitePlugin>('vite')
    expect(await site.result(await site.builtByVite('opfs-worker', [plugin]))).toEqual(passed(...parts))
  })
})

test('the store with its cryptography is below 200 KB of gzip, as Vite builds it', async () => {
  const directory = join(site.consumer.directory, dirname(await site.builtByVite('store')), 'assets')
  const files = readdirSync(directory).filter((file) => file.endsWith('.js'))
  const sizes = files.map((file) => gzipSync(readFileSync(join(directory, file))).byteLength)
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(MOST_BYTES)
})

function passed(...parts: readonly string[]): string[] {
  return parts.map((part) => `passed: ${part}`)
}
