// A web site with pages that use the packed packages, and a Chromium that opens them.

import { createReadStream, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, launchChromium, type Page } from '@coreyard/browser/chromium'
import esbuild, { type Plugin as EsbuildPlugin } from 'esbuild'
import * as vite from 'vite'
import { expect } from 'vitest'
import { type Consumer, installPacked } from './packed.js'

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  mjs: 'text/javascript',
}

export class Site {
  readonly consumer: Consumer = installPacked()
  browser: Browser
  /** Of the site: `http://127.0.0.1:PORT`. */
  readonly origin: string
  /** What pages have told by a request of `/told?WHAT`. */
  readonly told: string[] = []
  readonly #server: Server

  private constructor(server: Server, browser: Browser) {
    this.#server = server
    this.browser = browser
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', (request, response) => this.#serve(request, response))
  }

  /** @param profile the directory that keeps what the pages store; none by default */
  static async start(profile?: string): Promise<Site> {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    return new Site(server, await launchChromium(profile))
  }

  async close(): Promise<void> {
    await this.browser.close()
    this.#server.closeAllConnections()
    this.#server.close()
    this.consumer.remove()
  }

  /** The plugin of the documents. */
  async plugin<Plugin>(bundler: 'esbuild' | 'vite'): Promise<Plugin> {
    const file = join(this.consumer.directory, `node_modules/@coreyard/corestore/dist/bundlers/${bundler}.js`)
    const { default: coreyard }: { default: () => Plugin } = await import(pathToFileURL(file).href)
    return coreyard()
  }

  /** Each of these makes a page of `fixture/browser`, and returns its path. */
  async bundledByEsbuild(
    page: string,
    plugins: EsbuildPlugin[] = [],
    options: esbuild.BuildOptions = {},
  ): Promise<string> {
    await esbuild.build({
      absWorkingDir: this.consumer.directory,
      entryPoints: [`browser/${page}.mjs`],
      bundle: true,
      logLevel: 'error',
      outfile: `esbuild/${page}.js`,
      plugins,
      ...options,
    })
    return this.#write(`esbuild/${page}.html`, html(`${page}.js`))
  }

  async builtByVite(page: string, plugins: vite.Plugin[] = []): Promise<string> {
    const outDir = `vite-${page}`
    await vite.build({ ...this.#vite(page, plugins), base: './', build: { outDir: `../${outDir}` } })
    return `/${outDir}/index.html`
  }

  /** The files of the package as they are, found by an import map. */
  async unbundled(page: string): Promise<string> {
    const imports = { '@coreyard/corestore': '/node_modules/@coreyard/corestore/dist/browser/index.js' }
    const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`
    return this.#write(`${page}.html`, map + html(`browser/${page}.mjs`))
  }

  /** What the page gives when Vite's development server serves it. */
  async resultServedByVite(page: string, plugins: vite.Plugin[] = []): Promise<unknown> {
    const server = { host: '127.0.0.1', port: 0, fs: { strict: false } }
    const development = await vite.createServer({ ...this.#vite(page, plugins), server })
    try {
      await development.listen()
      return await this.result(development.resolvedUrls?.local[0] ?? expect.fail('not listening'))
    } finally {
      await development.close()
    }
  }

  /** What the promise `done` of a page resolves to, in a tab of its own. */
  async result(path: string): Promise<unknown> {
    const tab = await this.open(path)
    try {
      return await tab.done()
    } finally {
      await tab.close()
    }
  }

  async open(path: string): Promise<Tab> {
    const page = await this.browser.newPage()
    const tab = new Tab(page)
    await page.goto(new URL(path, this.origin).href)
    return tab
  }

  /** Resolves once pages have told that much. */
  async toldAtLeast(count: number): Promise<void> {
    while (this.told.length < count) await new Promise((resolve) => this.#server.once('request', resolve))
  }

  #write(path: string, text: string): string {
    writeFileSync(join(this.consumer.directory, path), text)
    return `/${path}`
  }

  /** The root of a project of Vite with that page alone. */
  #vite(page: string, plugins: vite.Plugin[]): vite.InlineConfig {
    const root = join(this.consumer.directory, `vite-project-${page}`)
    mkdirSync(root, { recursive: true })
    writeFileSync(join(root, 'index.html'), html('./page.mjs'))
    writeFileSync(join(root, 'page.mjs'), `import '../browser/${page}.mjs'\n`)
    return { root, configFile: false, logLevel: 'error', plugins }
  }

  #serve({ url = '/' }: IncomingMessage, response: ServerResponse): void {
    const { pathname, search } = new URL(url, this.origin)
    if (pathname === '/told') {
      this.told.push(search.slice(1))
      response.end()
      return
    }
    const file = join(this.consumer.directory, pathname)
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': TYPES[file.split('.').at(-1) ?? ''] ?? 'text/plain' })
    createReadStream(file).pipe(response)
  }
}

export class Tab {
  readonly page: Page
  readonly #failed: Promise<never>

  constructor(page: Page) {
    this.page = page
    this.#failed = new Promise((_, reject) => page.on('pageerror', reject))
    this.#failed.catch(() => {}) // of a tab that nobody asks
  }

  /** What the promise `done` of the page resolves to. An error of the page is one of this promise. */
  async done(): Promise<unknown> {
    const done = async () => {
      await this.page.waitForFunction('globalThis.done !== undefined', { timeout: 0 })
      return this.page.evaluate('globalThis.done')
    }
    return Promise.race([done(), this.#failed])
  }

  /** The result of a call of the page's `api`. */
  async call(method: string, ...args: readonly unknown[]): Promise<unknown> {
    await this.page.waitForFunction('globalThis.api !== undefined', { timeout: 0 })
    return this.page.evaluate(`api.${method}(...${JSON.stringify(args)})`)
  }

  close(): Promise<void> {
    return this.page.close()
  }
}

function html(script: string): string {
  return `<!doctype html><link rel="icon" href="data:,"><script type="module" src="${script}"></script>`
}
