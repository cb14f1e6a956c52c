// `npm run bench:browser`: the same work in Chromium and on Node.js, in memory and in files, and what the store weighs for a page.

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { launchChromium } from '@coreyard/browser/chromium'
import { fileStorage, memoryStorage } from '@coreyard/corestore'
import { build } from 'esbuild'
import { TASKS, type Task, work } from './work.js'

/** How often each is measured. The best counts: what else a machine does makes a run slower, never faster. */
const RUNS = 3

type Times = Record<Task, number>

const columns: [title: string, times: Times][] = []
const directory = mkdtempSync(join(tmpdir(), 'coreyard-bench-'))
let places = 0
try {
  columns.push(['Node.js, memory', await best(() => work(() => memoryStorage()))])
  columns.push([
    'Node.js, files',
    await best(() => work(() => fileStorage(join(directory, String(places++))))),
  ])
  await measureChromium()
} finally {
  rmSync(directory, { recursive: true })
}
printTable()
await printSizes()

async function measureChromium(): Promise<void> {
  const script = await bundled(fileURLToPath(new URL('page.js', import.meta.url)))
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? script : '<link rel="icon" href="data:,"><script src="/page.js"></script>')
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    for (const [title, call] of [
      ['Chromium, memory', 'memory()'],
      ['Chromium, files', 'files()'],
    ] as const) {
      columns.push([title, await best(async () => (await page.evaluate(call)) as Times)])
    }
  } finally {
    await browser.close()
    server.close()
  }
}

async function best(run: () => Promise<Times>): Promise<Times> {
  const times = await run()
  for (let i = 1; i < RUNS; i++) {
    for (const [task, time] of Object.entries(await run()) as [Task, number][]) {
      times[task] = Math.min(times[task], time)
    }
  }
  return times
}

function printTable(): void {
  console.log(`| time for one | ${columns.map(([title]) => title).join(' | ')} |`)
  console.log(`| --- |${' ---: |'.repeat(columns.length)}`)
  for (const [task, { title, count }] of Object.entries(TASKS) as [Task, (typeof TASKS)[Task]][]) {
    const cells = columns.map(([, times]) => formatted((times[task] * 1000) / count))
    console.log(`| ${title} | ${cells.join(' | ')} |`)
  }
}

function formatted(microseconds: number): string {
  return `${Number(microseconds.toPrecision(3))} µs`
}

async function printSizes(): Promise<void> {
  const contents = "export { default } from '@coreyard/corestore'"
  const script = await bundled({ contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) })
  const sizes = [script, gzipSync(script), brotliCompressSync(script)].map(({ byteLength }) =>
    Math.ceil(byteLength / 1000),
  )
  console.log(`\nThe store in a page: ${sizes[0]} KB, ${sizes[1]} KB with gzip, ${sizes[2]} KB with brotli.`)
}

/** A program for a page, as esbuild makes it. @param from a file, or its text */
async function bundled(from: string | { contents: string; resolveDir: string }): Promise<Uint8Array> {
  const source = typeof from === 'string' ? { entryPoints: [from] } : { stdin: from }
  const { outputFiles } = await build({ ...source, bundle: true, minify: true, format: 'esm', write: false })
  return outputFiles[0]?.contents ?? new Uint8Array(0)
}
