import { describe, expect, test } from 'vitest'
import { readOptions, usage } from '../src/options.js'
import { full, usual } from '../src/sizes.js'

describe('the command line', () => {
  test('measures everything with the usual sizes, if nothing is said', () => {
    const { tasks, contestants, scale, rounds } = readOptions([])
    expect([tasks.length, contestants.length, rounds]).toEqual([13, 9, 3])
    expect(scale).toEqual(usual)
  })

  test('takes tasks and contestants, in whichever order, with commas or several times', () => {
    const options = readOptions(['--only', 'serve,cores', '--only=blocks', '--contestants', 'corestore-7'])
    expect(options.tasks.map(({ id }) => id)).toEqual(['cores', 'blocks', 'serve'])
    expect(options.contestants.map(({ id }) => id)).toEqual(['corestore-7'])
  })

  test('takes sizes that replace those of a full run', () => {
    const { scale, rounds } = readOptions([
      '--full',
      '--size',
      'reads=7',
      '--cores',
      '10,20',
      '--rounds',
      '1',
    ])
    expect(scale).toEqual({ sizes: { ...full.sizes, reads: 7 }, cores: [10, 20], listed: full.listed })
    expect(rounds).toBe(1)
  })

  test('is kept with the results, without the directories of the machine', () => {
    const { command } = readOptions(['--out', '/file', '--full', '--directory=/mnt', '--cores', '1,2'])
    expect(command).toBe('npm run bench -- --full --cores 1,2')
    expect(readOptions([]).command).toBe('npm run bench')
  })

  test.each([
    [['--only', 'reed'], /^--only knows cores, blocks, .*, but not reed$/],
    [['--only='], /but not nothing$/],
    [['--contestants', 'corestore-8'], /^--contestants knows coreyard-rocksdb, .*, but not corestore-8$/],
    [['--rounds', '0'], /^--rounds takes a number from 1 on, not 0$/],
    [['--rounds', '1.5'], /^--rounds takes a number from 1 on, not 1\.5$/],
    [['--cores', '10,'], /^--cores takes a number from 1 on, not nothing$/],
    [['--size', 'blobs=3'], /^--size takes NAME=N, where NAME is one of sessions, .*; it is blobs=3$/],
    [['--size', 'reads'], /^--size reads takes a number from 1 on, not nothing$/],
    [['--by', 'sundial'], /^--by takes wall or processor, not sundial$/],
    [['--directory', '/nowhere'], /^--directory needs a directory that is there, and \/nowhere is none$/],
    [['--out', '/nowhere/file'], /^--out needs a directory that is there, and \/nowhere is none$/],
    [['--slow'], /--slow/],
    [['slow'], /slow/],
  ])('refuses %j, and says what would be right', (args, message) => {
    expect(() => readOptions(args)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }))
    expect(() => readOptions(args)).toThrow(message)
  })

  test('tells of every option when asked for help', () => {
    expect(readOptions(['-h']).help).toBe(true)
    for (const option of [
      'only',
      'rounds',
      'cores',
      'size',
      'full',
      'goals',
      'save',
      'from',
      'out',
      'limit',
    ]) {
      expect(usage).toContain(`--${option}`)
    }
  })
})
