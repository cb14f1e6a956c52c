// docs/getting-started.md, followed step by step in an empty folder: its files saved, its commands run, its output seen. The two
// machines are two processes, and the DHT is one on this machine.

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import createTestnet from '@hyperswarm/testnet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Consumer, installPacked } from '../../packages/corestore/test/consumer/packed.js'
import { blocks, documents } from './documents.js'

const BLOCKS = blocks(
  documents().find(({ path }) => path === 'docs/getting-started.md') ?? expect.fail('no such document'),
)
const FILES = BLOCKS.filter(({ file }) => file !== '')
const COMMANDS = of('sh').flatMap((code) => code.trim().split('\n'))
const [PRINTED_KEY = '', SHOWN = ''] = of('text')
const [TYPED = ''] = of('stdin')

let consumer: Consumer
let testnet: Awaited<ReturnType<typeof createTestnet>>
beforeAll(async () => {
  consumer = installPacked()
  testnet = await createTestnet(3)
})
afterAll(async () => {
  await testnet.destroy()
  consumer.remove()
})

test('the commands are those that this test knows', () => {
  expect(COMMANDS).toEqual([
    'mkdir first-store',
    'cd first-store',
    'npm init -y',
    'npm install @coreyard/corestore hyperswarm',
    'node writer.mjs',
    'node reader.mjs <key>',
    'node writer.mjs',
    'node reader.mjs <key>',
  ])
})

test('the writer and the reader do what the document says, and again after a restart', async () => {
  const folder = join(consumer.directory, 'first-store')
  mkdirSync(folder)
  for (const { file, code } of FILES) writeFileSync(join(folder, file), code)
  const [writer = '', reader = '', writerAgain = '', readerAgain = ''] = COMMANDS.slice(4)
  const lines = SHOWN.trim().split('\n')

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
})

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
    const preload = new URL('./local-swarm.js', import.meta.url).href
    const env = { ...process.env, LOCAL_DHT: String(testnet.bootstrap[0]?.port) }
    this.#child = spawn(program, ['--import', preload, ...args], {
      cwd,
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
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
