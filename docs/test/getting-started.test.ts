// docs/getting-started.md, followed step by step in an empty folder: its files saved, its commands run, its output seen. The two
// machines are two processes, and the DHT is that of the section "On one machine", on a port that is free.

import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Consumer, installPacked, ROOT } from '../../packages/corestore/test/consumer/packed.js'
import { blocks, documents } from './documents.js'

const BLOCKS = blocks(
  documents().find(({ path }) => path === 'docs/getting-started.md') ?? expect.fail('no such document'),
)
const FILES = BLOCKS.filter(({ file }) => file !== '')
const COMMANDS = of('sh').flatMap((code) => code.trim().split('\n'))
const [PRINTED_KEY = '', SHOWN = ''] = of('text')
const [TYPED = ''] = of('stdin')
const [CHANGE = ''] = of('diff')
const [CONFIG = ''] = of('json')
const PORT = '49737'

let consumer: Consumer
beforeAll(() => {
  consumer = installPacked()
})
afterAll(() => consumer.remove())

test('the commands are those that this test knows', () => {
  expect(COMMANDS).toEqual([
    'mkdir first-store',
    'cd first-store',
    'npm init -y',
    'npm install @coreyard/corestore hyperswarm',
    'node writer.mjs',
    'node reader.mjs <key>',
    'npm install hyperdht',
    'npx hyperdht --bootstrap --host 127.0.0.1 --port 49737',
    'npm install --save-dev typescript @types/node @coreyard/hypercore-types',
    'node writer.mjs',
    'node reader.mjs <key>',
  ])
})

test('the writer and the reader do what the document says, and again after a restart', async () => {
  const folder = join(consumer.directory, 'first-store')
  mkdirSync(folder)
  const [writer = '', reader = '', , network = '', , writerAgain = '', readerAgain = ''] = COMMANDS.slice(4)
  const lines = SHOWN.trim().split('\n')

  // What `npx` would run: the packages of the test have no folder `.bin`.
  const program = join(consumer.directory, 'node_modules/hyperdht/bin.js')
  const { dht, port } = await startNetwork(network.replace('npx hyperdht', `node ${program}`), folder)
  for (const { file, code } of FILES) {
    writeFileSync(join(folder, file), changed(code, CHANGE).replaceAll(PORT, port))
  }

  const first = new Running(writer, folder)
  const key = await first.key()
  const second = new Running(reader.replace('<key>', key), folder)
  first.type(TYPED)
  await second.prints(lines)
  await Promise.all([first.interrupt(), second.interrupt()])

  const third = new Running(writerAgain, folder)
  expect(await third.key()).toBe(key)
  const fourth = new Running(readerAgain.replace('<key>', key), folder)
  await fourth.prints(lines)
  third.type('and on it goes\n')
  await fourth.prints(['notes> and on it goes'])
  await Promise.all([third.interrupt(), fourth.interrupt()])
  await dht.interrupt()
})

test('the programs compile as TypeScript, changed for one machine or not', () => {
  const folder = join(consumer.directory, 'typescript-store')
  mkdirSync(folder)
  for (const { file, code } of FILES) {
    writeFileSync(join(folder, file.replace('.mjs', '.mts')), `${code}\nexport {}\n`)
    writeFileSync(
      join(folder, `local-${file.replace('.mjs', '.mts')}`),
      `${changed(code, CHANGE)}\nexport {}\n`,
    )
  }
  writeFileSync(join(folder, 'tsconfig.json'), CONFIG)
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(join(ROOT, 'node_modules/@types'), join(folder, 'node_modules/@types'))
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
  expect(spawnSync(process.execPath, [compiler, '--noEmit', '-p', folder]).stdout.toString()).toBe('')
})

/** A program with the change of the document: an import after another one, and lines in the place of one. */
function changed(code: string, change: string): string {
  const [kept = '', imported = '', removed = '', ...added] = change.trimEnd().split('\n')
  expect([kept[0], imported[0], removed[0]]).toEqual([' ', '+', '-'])
  const text = (line: string) => line.slice(1)
  expect(code.split('\n')).toEqual(expect.arrayContaining([text(kept), text(removed)]))
  return code
    .replace(text(kept), `${text(kept)}\n${text(imported)}`)
    .replace(text(removed), added.map(text).join('\n'))
}

/** Starts the DHT on a free port. Another program may take that before it does: then it ends, and another port is tried. */
async function startNetwork(command: string, folder: string): Promise<{ dht: Running; port: string }> {
  const port = await freePort()
  const dht = new Running(command.replace(PORT, port), folder)
  if (await dht.printsBeforeItEnds('Fully started Hyperswarm DHT bootstrap node')) return { dht, port }
  return startNetwork(command, folder)
}

/** A port for UDP that is free now. */
async function freePort(): Promise<string> {
  const socket = createSocket('udp4').bind(0)
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return String(port)
}

function of(language: string): string[] {
  return BLOCKS.filter((block) => block.language === language).map(({ code }) => code)
}

/** A command of the document in a terminal of its own. */
class Running {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  #output = ''
  #errors = ''

  constructor(command: string, cwd: string) {
    const [program = '', ...args] = command.split(' ')
    this.#child = spawn(program, args, { cwd, stdio: ['pipe', 'pipe', 'pipe'] })
    this.#child.stdout.on('data', (data) => {
      this.#output += data
    })
    this.#child.stderr.on('data', (data) => {
      this.#errors += data
    })
  }

  /** The key that the writer prints, as the document shows it. */
  async key(): Promise<string> {
    const [before = ''] = PRINTED_KEY.split('<')
    await this.#until(() => this.#output.includes('\n'))
    expect(this.#output.startsWith(before), this.#output).toBe(true)
    return this.#output.slice(before.length).trim()
  }

  type(text: string): void {
    this.#child.stdin.write(text)
  }

  async prints(lines: readonly string[]): Promise<void> {
    await this.#until(() => lines.every((line) => this.#output.split('\n').includes(line)))
  }

  /** Whether it prints that line before it ends. */
  async printsBeforeItEnds(line: string): Promise<boolean> {
    let hasEnded = false
    const ended = once(this.#child, 'close').then(() => {
      hasEnded = true
    })
    while (!this.#output.split('\n').includes(line) && !hasEnded) {
      await Promise.race([once(this.#child.stdout, 'data'), ended])
    }
    if (hasEnded) expect(this.#errors, this.#output).toContain('EADDRINUSE')
    return !hasEnded
  }

  async interrupt(): Promise<void> {
    this.#child.kill('SIGINT')
    const [code] = await once(this.#child, 'exit')
    expect([code, this.#errors]).toEqual([0, ''])
  }

  async #until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) {
      expect(this.#child.exitCode, this.#output).toBe(null)
      await Promise.race([once(this.#child.stdout, 'data'), once(this.#child, 'exit')])
    }
  }
}
