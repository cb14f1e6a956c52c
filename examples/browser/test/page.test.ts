// The example as a user has it: its server as a process, and its page in a real Chromium.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Browser, launchChromium, type Page } from '@coreyard/browser/chromium'
import { afterAll, beforeAll, expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))

const directory = mkdtempSync(join(tmpdir(), 'coreyard-example-'))
let server: ChildProcess
let lines: Interface
/** Rejects when the server ends. */
let ended: Promise<never>
let browser: Browser
let page: Page
let address: string
const printed: string[] = []
beforeAll(async () => {
  await startServer('0')
  browser = await launchChromium()
  page = await browser.newPage()
  address = /http:\S+/.exec(printed[0] ?? '')?.[0] ?? expect.fail('no address')
  await page.goto(address)
})
afterAll(async () => {
  await browser.close()
  await stopServer()
  rmSync(directory, { recursive: true })
})

test.each<[what: string, args: () => string[], says: string, exitCode: number]>([
  [
    'a port that is no number',
    () => ['--port', 'abc'],
    "--port must be a number from 0 to 65535, not 'abc'",
    2,
  ],
  ['a port in hex', () => ['--port', '0x50'], "--port must be a number from 0 to 65535, not '0x50'", 2],
  ['an unknown option', () => ['--prot', '1'], "Unknown option '--prot'", 2],
  [
    'a port in use',
    () => ['--port', new URL(address).port, '--directory', join(directory, 'other')],
    'EADDRINUSE',
    1,
  ],
  ['a store in use', () => ['--port', '0', '--directory', join(directory, 'node')], 'cannot be opened', 1],
])('the server says what is wrong with %s', (_, args, says, exitCode) => {
  const { status, stderr } = spawnSync(process.execPath, [MAIN, ...args()], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  expect([status, stderr]).toEqual([exitCode, expect.stringContaining(says)])
  expect(stderr).not.toContain('    at ')
})

test('the page shows a notebook of its own, and the one of Node.js as it arrives', async () => {
  await shows('#status', 'Replicating with Node.js')
  await shows('#notebooks', 'My first notebook')
  await shows('#notebooks', 'read only')
  await click(
    "[...document.querySelectorAll('#notebooks button')].find((b) => b.innerText.includes('read only'))",
  )
  await shows('#notes', 'Hello from Node.js')
})

test('what is written on the page reaches Node.js, whose answer reaches the page', async () => {
  await submit('create', 'Travels')
  await shows('#title', 'Travels')
  await submit('compose', 'a note from the browser')
  await shows('#notes', 'a note from the browser')
  await click(
    "[...document.querySelectorAll('#notebooks button')].find((b) => b.innerText.includes('read only'))",
  )
  await shows('#notes', 'Node.js has read “a note from the browser”')
  await printedLine(/^[0-9a-f]{8}: a note from the browser$/)
})

test('notebooks and notes are there again when the page is loaded again, and can be written', async () => {
  await page.reload()
  await shows('#notebooks', 'Travels')
  await click(
    "[...document.querySelectorAll('#notebooks button')].find((b) => b.innerText.includes('Travels'))",
  )
  await shows('#notes', 'a note from the browser')
  await submit('compose', 'a second note')
  await shows('#notes', 'a second note')
})

test('what is written while Node.js is away reaches it when it is back', async () => {
  await stopServer()
  await shows('#status', 'Offline')
  await submit('compose', 'written offline')
  await shows('#notes', 'written offline')
  await startServer(new URL(address).port)
  await shows('#status', 'Replicating with Node.js')
  await printedLine(/: written offline$/)
})

test('a second tab waits, and goes on with all notes when the first one is closed', async () => {
  const second = await browser.newPage()
  await second.goto(address)
  await second.waitForFunction("document.body.dataset.state === 'waiting'", { timeout: 0 })
  await page.close()
  page = second
  await shows('#notebooks', 'Travels')
  await click(
    "[...document.querySelectorAll('#notebooks button')].find((b) => b.innerText.includes('Travels'))",
  )
  await shows('#notes', 'a second note')
})

async function startServer(port: string): Promise<void> {
  server = spawn(process.execPath, [MAIN, '--port', port, '--directory', join(directory, 'node')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  printed.length = 0
  lines = createInterface({ input: server.stdout ?? expect.fail('no output') })
  lines.on('line', (line) => printed.push(line))
  ended = new Promise((_, reject) => {
    server.once('exit', (code) => reject(new Error(`The server ended with ${code}`)))
  })
  ended.catch(() => {}) // a test that waits for a line fails with it
  await nextLine()
}

async function stopServer(): Promise<void> {
  server.kill('SIGTERM')
  await once(server, 'exit')
}

async function printedLine(pattern: RegExp): Promise<void> {
  while (!printed.some((line) => pattern.test(line))) await nextLine()
}

/** Waits for a line of the server, which has to run. */
async function nextLine(): Promise<void> {
  await Promise.race([once(lines, 'line'), ended])
}

async function shows(selector: string, text: string): Promise<void> {
  const code = `document.querySelector('${selector}')?.innerText.includes(${JSON.stringify(text)})`
  await page.waitForFunction(code, { timeout: 0 })
}

async function click(code: string): Promise<void> {
  await page.waitForFunction(code, { timeout: 0 })
  await page.evaluate(`${code}.click()`)
}

async function submit(form: string, text: string): Promise<void> {
  await page.evaluate(`{
    const form = document.getElementById('${form}')
    form.elements.namedItem('text').value = ${JSON.stringify(text)}
    form.requestSubmit()
  }`)
}
