// docs/guides/command.md, followed from top to bottom: its store made, its commands run, their output as it says. `…` stands for anything.
// The network is one of this machine.

import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import createTestnet from '@hyperswarm/testnet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Consumer, installPacked } from '../../packages/corestore/test/consumer/packed.js'
import { type Block, blocks, documents } from './documents.js'

const BLOCKS = blocks(
  documents().find(({ path }) => path === 'docs/guides/command.md') ?? expect.fail('no such document'),
)
const EXAMPLES = BLOCKS.flatMap((block, index) =>
  block.language === 'sh' && block.code.startsWith('coreyard ')
    ? [{ command: block.code.trim(), expected: expectedAfter(BLOCKS[index + 1]) }]
    : [],
)
/** They run until they are interrupted, and first write this. */
const LASTING: { readonly [command: string]: RegExp } = {
  share: /^sharing ([0-9a-f]{64})$/m,
  mirror: /^mirror ([0-9a-f]{64})$/m,
  window: /^(http:\/\/127\.0\.0\.1:\S+)$/m,
}
const ON_NETWORK = ['share', 'mirror', 'probe', 'clone', 'why', 'place', 'coverage']

let consumer: Consumer
let testnet: Awaited<ReturnType<typeof createTestnet>>
const running: ChildProcess[] = []
/** What the placeholders of the guide stand for. */
const known = new Map<string, string>()
beforeAll(async () => {
  consumer = installPacked()
  testnet = await createTestnet(3)
  for (const { file, code } of BLOCKS.filter((block) => block.file !== '')) {
    writeFileSync(join(consumer.directory, file), code)
    execFileSync(process.execPath, [file], { cwd: consumer.directory })
  }
  const { cores } = JSON.parse(
    execFileSync(process.execPath, coreyard('ls', './my-app', '--json'), at()).toString(),
  )
  known.set('<key>', cores.find(({ name }: { name: string }) => name === 'chat').key)
})
afterAll(async () => {
  for (const child of running) child.kill('SIGINT')
  await Promise.all(running.map((child) => (child.exitCode === null ? once(child, 'exit') : null)))
  await testnet.destroy()
  consumer.remove()
})

test('the guide has an example of every command', () => {
  const help = execFileSync(process.execPath, coreyard('--help'), at()).toString()
  const commands = [...help.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name)
  expect(commands).toContain('ls')
  expect(new Set(EXAMPLES.map(({ command }) => command.split(' ')[1]))).toEqual(
    new Set(commands.filter((name) => name !== 'help')),
  )
})

test.each(EXAMPLES)('runs $command', async ({ command, expected }) => {
  const [, ...args] = command.split(' ').map((arg) => known.get(arg) ?? arg)
  const [name = ''] = args
  const bootstrap = testnet.bootstrap.map(({ host, port }) => `${host}:${port}`)
  const all = coreyard(...args, ...(ON_NETWORK.includes(name) ? ['--bootstrap', ...bootstrap] : []))
  const first = LASTING[name]
  if (first !== undefined) {
    known.set(`<${name}>`, await written(all, first))
    return
  }
  const { code, out, err } = await ran(all)
  expect([code, code === 0 ? '' : err]).toEqual([0, ''])
  for (const line of expected) expect(out).toMatch(line)
})

function expectedAfter(block: Block | undefined): RegExp[] {
  if (block?.language !== 'text') return []
  const lines = block.code.replace(/\n$/, '').split('\n')
  return lines.map((line) => new RegExp(`^${line.split('…').map(escaped).join('.*')}$`, 'm'))
}

function escaped(text: string): string {
  return text
    .replaceAll(/<key>/g, '\0')
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('\0', '[0-9a-f]{64}')
}

function coreyard(...args: string[]): string[] {
  return [join(consumer.directory, 'node_modules/@coreyard/cli/bin/coreyard.js'), ...args]
}

function at(): { cwd: string } {
  return { cwd: consumer.directory }
}

function ran(args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, at(), (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err })
    })
  })
}

/** What a command writes that goes on running. */
function written(args: string[], pattern: RegExp): Promise<string> {
  const child = spawn(process.execPath, args, { ...at(), stdio: ['ignore', 'pipe', 'pipe'] })
  running.push(child)
  let output = ''
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk
      const [, found] = pattern.exec(output) ?? []
      if (found !== undefined) resolve(found)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('exit', () => reject(new Error(`${args[1]} ended: ${output}`)))
  })
}
