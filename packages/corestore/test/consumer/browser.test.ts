// The packages in a browser, as users have them: packed, installed, bundled with the defaults of Vite and esbuild, or with the plugin of
// the documents, and run by a real Chromium.

import { createReadStream, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type Browser, launchChromium } from '@coreyard/browser/chromium'
import esbuild, { type Plugin as EsbuildPlugin } from 'esbuild'
import * as vite from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Consumer, installPacked } from './packed.js'

/** Bytes of the store with its cryptography, as a server sends it. */
const MOST_BYTES = 200_000

const PARTS = [
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
]

let consumer: Consumer
let browser: Browser
let server: Server
let origin: string
beforeAll(async () => {
  consumer = installPacked()
  browser = await launchChromium()
  server = createServer(serve).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await browser.close()
  server.close()
  consumer.remove()
})

describe('a page with a store', () => {
  test.each<[string, (page: string) => Promise<string>]>([
    ['without a bundler', unbundled],
    ['bundled by esbuild', (page) => bundledByEsbuild(page, [])],
    ['built by Vite', (page) => builtByVite(page, [])],
  ])('%s needs no configuration', async (_, bundle) => {
    expect(await open(await bundle('store'))).toEqual({
      text: 'hello',
      codes: [
        expect.stringMatching(/^BAD_ARGUMENT: a browser has no directories.*memoryStorage\(\)$/),
        expect.stringMatching(/^BAD_ARGUMENT: a browser has no directories/),
      ],
    })
  })

  test("served by Vite's development server needs no configuration", async () => {
    expect(await openServed('store', [])).toMatchObject({ text: 'hello' })
  })
})

describe('Hypercore, Hyperbee, Hyperdrive and Autobase', () => {
  const expected = { isShared: true, lines: PARTS.map((part) => `passed: ${part}`) }

  test('bundled by esbuild with the plugin share the Hypercore of the store', async () => {
    const plugin = await pluginOf<EsbuildPlugin>('esbuild')
    expect(await open(await bundledByEsbuild('ecosystem', [plugin]))).toEqual(expected)
  })

  test('built by Vite with the plugin share the Hypercore of the store', async () => {
    const plugin = await pluginOf<vite.Plugin>('vite')
    expect(await open(await builtByVite('ecosystem', [plugin]))).toEqual(expected)
  })

  test("served by Vite's development server with the plugin share the Hypercore of the store", async () => {
    expect(await openServed('ecosystem', [await pluginOf<vite.Plugin>('vite')])).toEqual(expected)
  })
})

test('the store with its cryptography is below 200 KB of gzip, as Vite builds it', async () => {
  const directory = join(consumer.directory, dirname(await builtByVite('store', [])), 'assets')
  const files = readdirSync(directory).filter((file) => file.endsWith('.js'))
  const sizes = files.map((file) => gzipSync(readFileSync(join(directory, file))).byteLength)
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(MOST_BYTES)
})

function esbuildOptions(page: string): esbuild.BuildOptions {
  return {
    absWorkingDir: consumer.directory,
    entryPoints: [`browser/${page}.mjs`],
    bundle: true,
    logLevel: 'error',
  }
}

async function pluginOf<Plugin>(bundler: 'esbuild' | 'vite'): Promise<Plugin> {
  const file = join(consumer.directory, `node_modules/@coreyard/corestore/dist/bundlers/${bundler}.js`)
  const { default: coreyard }: { default: () => Plugin } = await import(pathToFileURL(file).href)
  return coreyard()
}

async function bundledByEsbuild(page: string, plugins: EsbuildPlugin[]): Promise<string> {
  const outfile = `esbuild/${page}.js`
  await esbuild.build({ ...esbuildOptions(page), plugins, outfile: join(consumer.directory, outfile) })
  writeFileSync(join(consumer.directory, `esbuild/${page}.html`), html(`${page}.js`))
  return `/esbuild/${page}.html`
}

async function builtByVite(page: string, plugins: vite.Plugin[]): Promise<string> {
  const outDir = `vite-${page}`
  await vite.build({ ...viteOptions(page, plugins), base: './', build: { outDir: `../${outDir}` } })
  return `/${outDir}/index.html`
}

/** The root of a project of Vite with that page alone. */
function viteOptions(page: string, plugins: vite.Plugin[]): vite.InlineConfig {
  const root = join(consumer.directory, `vite-project-${page}`)
  mkdirSync(root, { recursive: true })
  writeFileSync(join(root, 'index.html'), html('./page.mjs'))
  writeFileSync(join(root, 'page.mjs'), `import '../browser/${page}.mjs'\n`)
  return { root, configFile: false, logLevel: 'error', plugins }
}

/** The files of the package as they are, found by an import map. */
async function unbundled(page: string): Promise<string> {
  const imports = { '@coreyard/corestore': '/node_modules/@coreyard/corestore/dist/browser/index.js' }
  const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`
  writeFileSync(join(consumer.directory, `${page}.html`), map + html(`browser/${page}.mjs`))
  return `/${page}.html`
}

function html(script: string): string {
  return `<!doctype html><link rel="icon" href="data:,"><script type="module" src="${script}"></script>`
}

async function openServed(page: string, plugins: vite.Plugin[]): Promise<unknown> {
  const development = await vite.createServer({
    ...viteOptions(page, plugins),
    server: { host: '127.0.0.1', port: 0, fs: { strict: false } },
  })
  try {
    await development.listen()
    return await open(development.resolvedUrls?.local[0] ?? expect.fail('not listening'))
  } finally {
    await development.close()
  }
}

/** What the promise `done` of a page resolves to. An error of the page fails the test. */
async function open(path: string): Promise<unknown> {
  const page = await browser.newPage()
  const failed = new Promise<never>((_, reject) => page.on('pageerror', reject))
  const run = async () => {
    await page.goto(new URL(path, origin).href)
    await page.waitForFunction('globalThis.done !== undefined', { timeout: 0 })
    return page.evaluate('globalThis.done')
  }
  try {
    return await Promise.race([run(), failed])
  } finally {
    await page.close()
  }
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  mjs: 'text/javascript',
}

function serve(...[{ url = '/' }, response]: Parameters<Parameters<typeof createServer>[1] & object>): void {
  const file = join(consumer.directory, new URL(url, origin).pathname)
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    response.writeHead(404).end()
    return
  }
  response.writeHead(200, { 'content-type': TYPES[file.split('.').at(-1) ?? ''] ?? 'text/plain' })
  createReadStream(file).pipe(response)
}
