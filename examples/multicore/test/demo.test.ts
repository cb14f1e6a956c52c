// The demo, run as its own process on a directory of its own.

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Corestore from '@coreyard/corestore'
import { describe, expect, test } from 'vitest'
import { emptyDirectory, Program } from './program.js'

const COREYARD = fileURLToPath(new URL('../../../packages/cli/bin/coreyard.js', import.meta.url))

const LINES = ['# A title', '', 'A line that is longer than the forty bytes that count as short', 'Grüße ✓']

describe('a run', () => {
  test('replicates the lines of the files that it is given, and says that both sides hold the same', async () => {
    const directory = emptyDirectory()
    const [one, other] = [fileIn(directory, 'one.txt', LINES), fileIn(directory, 'other.txt', ['other'])]
    const { code, stdout, stderr } = await demo(directory, one, other).ended
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(summary(stdout)).toMatchObject({ Cores: '3', Blocks: '6 (6 new)' })
    expect(stdout.match(/same length and tree hash/g)).toHaveLength(3)
    expect(stdout).toMatch(/^\d+ of \d+ blocks, /m)
    expect(stdout).toMatch(/Both sides hold the same\.\n/)
    for (const side of ['writer', 'reader']) {
      expect(await linesOf(directory, side)).toEqual([...LINES, 'other'].sort())
    }
  })

  test('takes all Markdown files below the folder that it is run in, unless it is given others', async () => {
    const directory = emptyDirectory()
    for (const folder of ['docs', 'node_modules', '.hidden']) {
      mkdirSync(join(directory, folder))
      fileIn(join(directory, folder), 'page.md', [`in ${folder}`])
    }
    fileIn(directory, 'README.md', ['at the top'])
    fileIn(directory, 'notes.txt', ['no Markdown'])
    const { code } = await new Program('demo', [], directory).ended
    expect(code).toBe(0)
    expect(await linesOf(join(directory, '.demo'), 'reader')).toEqual(['at the top', 'in docs'])
  })

  test('takes standard input for -', async () => {
    const directory = emptyDirectory()
    const program = demo(directory, '-')
    program.typeLast('one\r\ntwo\n\nfour')
    const { code, stdout } = await program.ended
    expect(code).toBe(0)
    expect(summary(stdout)).toMatchObject({ Blocks: '5 (5 new)' })
    expect(await linesOf(directory, 'reader')).toEqual(['', 'four', 'one', 'two'])
  })
})

test('the commands in its last lines show what it made', async () => {
  const directory = emptyDirectory()
  const { stdout } = await demo(directory, fileIn(directory, 'file.txt', LINES)).ended
  const commands = stdout.match(/(?<=^ {2}npx )coreyard .*$/gm) ?? []
  expect(commands.map((command) => command.split(' ')[1])).toEqual(['window', 'ls', 'diff'])
  expect(stdout.trimEnd().endsWith(commands[2] ?? 'none')).toBe(true)
  const [window, ls, diff] = commands.map((command) => [COREYARD, ...command.split(' ').slice(1)])
  const shown = spawn(process.execPath, window)
  const [address] = await once(shown.stdout, 'data')
  expect((await fetch(String(address).trim())).status).toBe(200)
  shown.kill()
  expect(execFileSync(process.execPath, ls).toString()).toMatch(/^name +key +blocks/)
  expect(execFileSync(process.execPath, diff).toString()).toBe('3 cores, the same in both\n')
})

describe('the next run', () => {
  test('transfers nothing when nothing is new, and what was appended to a file when something is', async () => {
    const directory = emptyDirectory()
    const file = fileIn(directory, 'file.txt', LINES)
    await demo(directory, file).ended
    const again = await demo(directory, file).ended
    expect(again.code).toBe(0)
    expect(summary(again.stdout)).toMatchObject({
      Blocks: '5 (0 new)',
      Bytes: expect.stringMatching(/\(0 B new\)/),
    })

    appendFileSync(file, 'new\n')
    const changed = await demo(directory, file).ended
    expect(changed.code).toBe(0)
    expect(summary(changed.stdout)).toMatchObject({ Blocks: '6 (1 new)' })
    expect(await linesOf(directory, 'reader')).toEqual([...LINES, 'new'].sort())
  })

  test.each([
    ['while it starts', /^Starting/m, 500],
    ['before a line is written', /^Feeding/m, 500],
    ['in the middle', /^[1-9]\d* of \d+ blocks/m, 12_000],
  ])('goes on where one was interrupted %s, which has closed both stores', async (_, moment, count) => {
    const { directory, lines, file } = await interrupted(moment, count)
    // A store that another process still has open could not be opened here.
    const held = await linesOf(directory, 'reader')
    const written = await linesOf(directory, 'writer')
    expect(written).toEqual(lines.slice(0, written.length))

    const second = await demo(directory, file).ended
    expect(second.code).toBe(0)
    const [, total, fresh] = summary(second.stdout).Blocks?.match(/^(\d+) \((\d+) new\)$/) ?? []
    expect(Number(total)).toBe(lines.length + 1)
    // Whether the block with the keys had come is not seen in the lines.
    const missing = lines.length - held.length
    expect([missing, missing + 1]).toContain(Number(fresh))
    for (const side of ['writer', 'reader']) expect(await linesOf(directory, side)).toEqual(lines)
  })
})

describe('fails', () => {
  test('with status 1 when the two sides differ, as after a loss of what the writer had', async () => {
    const directory = emptyDirectory()
    await demo(directory, fileIn(directory, 'file.txt', LINES)).ended
    await forget(join(directory, 'writer'))
    const { code, stdout } = await demo(directory, fileIn(directory, 'other.txt', ['another line'])).ended
    expect(code).toBe(1)
    expect(stdout).toMatch(/1 blocks {2}DIFFERENT\n/)
    expect(stdout).toMatch(/The two sides differ\.\n/)
  })

  test('with status 1 when a file is not there, and leaves the stores as they were', async () => {
    const directory = emptyDirectory()
    const { code, stderr } = await demo(directory, join(directory, 'missing.txt')).ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/^ENOENT: .*missing\.txt'\n$/)
    expect(await linesOf(directory, 'writer')).toEqual([])
  })

  test('with status 1 when its directory is in use', async () => {
    const directory = emptyDirectory()
    const store = new Corestore(join(directory, 'writer'))
    await store.ready()
    const { code, stderr } = await demo(directory, fileIn(directory, 'file.txt', LINES)).ended
    await store.close()
    expect(code).toBe(1)
    expect(stderr).toContain('is open in another store')
    expect(stderr).toContain('A program ended early, with status 1')
  })

  test.each([
    [['--nothing'], "Unknown option '--nothing'"],
    [['--directory'], "Option '--directory <value>' argument missing"],
    [['-', 'file.txt'], '- is standard input, and stands alone'],
  ])('with status 2 and its usage for %j', async (args, message) => {
    const { code, stdout, stderr } = await new Program('demo', args, emptyDirectory()).ended
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
    expect(stderr).toContain('Usage: demo [--directory DIRECTORY] [FILE ... | -]')
  })
})

function demo(directory: string, ...files: string[]): Program {
  return new Program('demo', ['--directory', directory, ...files])
}

/**
 * Interrupts a run once it has printed something. It goes on until the signal reaches it: a run that has ended by then is made again with
 * more lines.
 */
async function interrupted(
  moment: RegExp,
  count: number,
): Promise<{ directory: string; lines: string[]; file: string }> {
  const directory = emptyDirectory()
  const lines = numbered(count)
  const file = fileIn(directory, 'file.txt', lines)
  const program = demo(directory, file)
  await program.prints(moment)
  const { code, stdout, stderr } = await program.interrupt()
  if (code === 0) return interrupted(moment, 2 * count)
  expect([code, stderr]).toEqual([130, ''])
  expect(stdout).toMatch(/Interrupted: closing\. Run it again to go on\.\n$/)
  return { directory, lines, file }
}

/** Writes a text file, and gives its path. */
function fileIn(directory: string, name: string, lines: readonly string[]): string {
  const file = join(directory, name)
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
  return file
}

/** The rows of the summary. */
function summary(stdout: string): Record<string, string> {
  const rows = stdout.matchAll(/^(Cores|Blocks|Bytes|Time|Blocks\/second) +(.*)$/gm)
  return Object.fromEntries(Array.from(rows, ([, label = '', value = '']) => [label, value]))
}

/** The lines that the writer or the reader holds, sorted: the blocks of all cores but the one with the keys. */
async function linesOf(directory: string, side: string): Promise<string[]> {
  const store = new Corestore(join(directory, side))
  const lines: string[] = []
  for await (const discoveryKey of store.list()) {
    const core = store.get({ discoveryKey, valueEncoding: 'utf-8' })
    await core.ready()
    for (let index = 0; index < core.length; index++) {
      if (await core.has(index)) lines.push(await core.get(index))
    }
  }
  await store.close()
  return lines.filter((line) => !line.includes('otherKeys')).sort()
}

/** Has a store forget all but its primary key. */
async function forget(path: string): Promise<void> {
  const store = new Corestore(path)
  await store.ready()
  // Closing wipes it.
  const primaryKey = Uint8Array.from(store.primaryKey ?? [])
  await store.close()
  rmSync(path, { recursive: true })
  const empty = new Corestore(path, { primaryKey })
  await empty.ready()
  await empty.close()
}

/** Short and long lines that sort as they are numbered. */
function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index).padStart(6, '0')
    return index % 5 === 0 ? `${number} in a line that is longer than the forty bytes of a short one` : number
  })
}
