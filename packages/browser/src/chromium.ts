// A Chromium for tests: the one in `CHROMIUM`, else an installed one, else the one of @sparticuz/chromium. That needs no system libraries:
// its package contains the libraries that a bare Linux lacks.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import puppeteer, { type LaunchOptions, type Page as PuppeteerPage } from 'puppeteer-core'

/** The part of puppeteer's browser that tests use. Its own types would need the types of the DOM. */
export interface Browser {
  newPage(): Promise<Page>
  close(): Promise<void>
  /** Kills the browser, as a crash does. Resolves when it has ended. */
  kill(): Promise<void>
}

/** A tab. Code is passed as text. */
export interface Page {
  goto(url: string): Promise<unknown>
  reload(): Promise<unknown>
  evaluate(code: string): Promise<unknown>
  waitForFunction(code: string, options: { timeout: number }): Promise<unknown>
  /** Limits the storage of an origin to this many bytes. */
  setQuota(origin: string, bytes: number): Promise<void>
  on(event: 'pageerror', listener: (error: unknown) => void): unknown
  /** Keys go to the element with the focus. */
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> }
  click(selector: string): Promise<void>
  setViewport(viewport: { width: number; height: number }): Promise<void>
  emulateMediaFeatures(features: { name: string; value: string }[]): Promise<void>
  screenshot(options: { path: string }): Promise<unknown>
  close(): Promise<void>
}

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** Puppeteer's own limits are off, because a busy machine needs longer. A test has a limit of its own. */
const NO_LIMITS: LaunchOptions = { timeout: 0, protocolTimeout: 0 }

/**
 * Starts a Chromium without a window.
 *
 * @param profile the directory for the data of pages. Default: a temporary one, which is deleted when the browser closes
 */
export async function launchChromium(profile?: string): Promise<Browser> {
  const { CHROMIUM: named } = process.env
  const installed = named ?? INSTALLED.find((path) => existsSync(path))
  const options: LaunchOptions = installed === undefined ? packaged() : { executablePath: installed }
  const browser = await puppeteer.launch({
    ...options,
    ...NO_LIMITS,
    headless: installed === undefined ? 'shell' : true,
    // It runs as root in a container, where its sandbox does not work.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
    ...(profile === undefined ? {} : { userDataDir: profile }),
  })
  return {
    newPage: async () => withQuota(await browser.newPage()),
    close: () => browser.close(),
    async kill() {
      const process = browser.process()
      const ended = new Promise((resolve) => process?.once('exit', resolve))
      process?.kill('SIGKILL')
      await ended
    },
  }
}

function withQuota(page: PuppeteerPage): Page {
  page.setDefaultTimeout(0)
  const setQuota = async (origin: string, quotaSize: number) => {
    const session = await page.createCDPSession()
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize })
  }
  return Object.assign(page, { setQuota })
}

function packaged(): LaunchOptions {
  const directory = unpacked()
  const libraries = join(directory, 'al2023/lib')
  return {
    executablePath: join(directory, 'chromium'),
    env: { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: join(directory, FONTS) },
  }
}

/** The configuration of fonts, in the directory of Chromium. */
const FONTS = 'own-fonts.conf'

/** The fonts of the package are where they were unpacked, not where its own configuration says. Without fonts, Chromium exits. */
function fontsIn(directory: string): string {
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    `  <dir>${join(directory, 'fonts')}</dir>`,
    `  <cachedir>${join(directory, 'fonts-cache')}</cachedir>`,
    '</fontconfig>',
    '',
  ].join('\n')
}

/** Unpacks Chromium once, in about two seconds. Processes that do so at the same time do not disturb each other. */
function unpacked(): string {
  const manifest = packageFile()
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  const cache = join(dirname(manifest), '../../.cache')
  const directory = join(cache, `chromium-${version}-fonts`)
  if (existsSync(directory)) return directory
  mkdirSync(cache, { recursive: true })
  const own = mkdtempSync(join(cache, 'unpacking-'))
  writeFileSync(join(own, FONTS), fontsIn(directory))
  // The package unpacks in the directory for temporary files; the libraries only if it believes to run on AWS Lambda.
  const env = { ...process.env, TMPDIR: own, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' }
  const program = "import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())"
  execFileSync(process.execPath, ['-e', program], { env, cwd: dirname(fileURLToPath(import.meta.url)) })
  try {
    renameSync(own, directory)
  } catch (error) {
    if (!existsSync(directory)) throw error
    rmSync(own, { recursive: true }) // another process was faster
  }
  return directory
}

function packageFile(): string {
  const entry = fileURLToPath(import.meta.resolve('@sparticuz/chromium'))
  return join(entry.slice(0, entry.lastIndexOf('@sparticuz')), '@sparticuz/chromium/package.json')
}
