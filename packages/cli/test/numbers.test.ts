// Options that take a number: plain decimal digits, and nothing that JavaScript would take for a number as well.

import { expect, test } from 'vitest'
import { makeProgram } from '../src/run.js'
import { coreyard } from './command.js'

const KEY = 'ab'.repeat(32)

const OPTIONS = optionsWithNumbers()

test('there are options with numbers', () => {
  const named = new Set(OPTIONS.map(([, option]) => option))
  expect([...named].sort()).toEqual([
    '--bootstrap',
    '--copies',
    '--max-bytes',
    '--metrics',
    '--port',
    '--timeout',
    '--window',
  ])
})

test.each(OPTIONS)(
  '%s refuses a number for %s that is not plain decimal',
  async (command, option, args, prefix) => {
    const odd = [
      '0x50',
      '1e3',
      ' 80 ',
      '80 ',
      '',
      '+80',
      '-80',
      '8_0',
      '０８',
      '٨٠',
      'Infinity',
      'NaN',
      '80.',
      '.5',
      '1,5',
    ]
    for (const number of odd) {
      const { exitCode, err } = await coreyard([command, ...args, `${option}=${prefix}${number}`])
      expect([number, exitCode, err]).toEqual([
        number,
        2,
        expect.stringContaining(`error: ${option} must be`),
      ])
    }
  },
)

test.each(['0', '65536', '99999999999999999999'])('%s is no port of a node', async (port) => {
  const { exitCode, err } = await coreyard(['probe', KEY, '--bootstrap', `a:${port}`])
  expect([exitCode, err]).toEqual([2, expect.stringContaining('--bootstrap must be host:port')])
})

test.each([':80', ' :80', 'a b:80', '::1:80', '[::1]:80', 'http://a:80', 'a@b@c:80', '@a:80'])(
  '%j is no address of a node',
  async (address) => {
    const { exitCode, err } = await coreyard(['probe', KEY, '--bootstrap', address])
    expect([exitCode, err]).toEqual([2, expect.stringContaining('--bootstrap must be host:port')])
  },
)

test('a timeout that a timer cannot wait for is refused', async () => {
  const { exitCode, err } = await coreyard(['probe', KEY, '--timeout', '2147484'])
  expect([exitCode, err]).toEqual([2, expect.stringContaining('at most 2147483, not 2147484')])
})

/** Each command with each of its options that takes a number, the arguments that it needs, and what stands before the number. */
function optionsWithNumbers(): [command: string, option: string, args: string[], prefix: string][] {
  const io = {
    out: () => {},
    drained: async () => {},
    err: () => {},
    isTerminal: false,
    isOutTerminal: false,
    columns: 80,
    color: false,
    screen: null,
    signal: new AbortController().signal,
    ask: async () => '',
  }
  const program = makeProgram({ io, action: () => async () => {} })
  return program.commands.flatMap((command) =>
    command.options
      .filter(({ flags }) => /[<[](port|seconds|number|size|host:port)\b/.test(flags))
      .map(({ long, flags }): [string, string, string[], string] => [
        command.name(),
        long ?? '',
        command.registeredArguments
          .filter(({ required }) => required)
          .map((argument) => (argument.name() === 'directory' ? '/dev/null/store' : KEY)),
        flags.includes('host:port') ? '127.0.0.1:' : '',
      ]),
  )
}
