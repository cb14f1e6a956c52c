// A small part of the torture run (`npm run torture`), what its command says to wrong options, and that it notices faults.

import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle } from '../torture/bundle.js'
import { HANG, MUTATIONS } from '../torture/mutations.js'

/** Seeds that are run; more in CI, which sets `TEST_ALL`. */
const SEEDS = process.env.TEST_ALL ? 20 : 2
/** How many seeds may pass before a fault is noticed. */
const MOST = 60

const here = fileURLToPath(new URL('../torture/dist/test/', import.meta.url))
const faults = process.env.TEST_ALL ? MUTATIONS : MUTATIONS.filter(({ isQuick }) => isQuick)

beforeAll(() => bundle(`${here}sound`, null))
afterAll(() => rmSync(here, { recursive: true, force: true }))

function run(dir: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [`${here}${dir}/main.js`, ...args], { encoding: 'utf8' })
}

test('opens on whatever power cuts and faults leave, and works on', () => {
  const { status, stdout } = run('sound', '--seed', '1', '--seeds', String(SEEDS))
  expect(status, stdout).toBe(0)
  expect(stdout).toMatch(/^power cut +\d+$/m)
})

test('one seed does the same each time', () => {
  const [first, second] = [1, 2].map(() => run('sound', '--seed', '7', '--seeds', '1').stdout)
  const table = (text = '') => text.slice(text.lastIndexOf('\n\n'))
  expect(table(first)).toContain('seeds')
  expect(table(first)).toBe(table(second))
})

for (const mutation of faults) {
  test(`notices when ${mutation.fault}`, async () => {
    const dir = `mutation-${MUTATIONS.indexOf(mutation)}`
    await bundle(`${here}${dir}`, mutation)
    const { status, stdout } = run(dir, '--seed', String(mutation.seed), '--seeds', String(MOST))
    expect(status, stdout).toBe(1)
    expect(stdout).toMatch(/^Again: npm run torture -- --seed \d+ --seeds 1$/m)
  })
}

test('says where a seed hangs', async () => {
  await bundle(`${here}hang`, HANG)
  const { status, stdout } = run('hang', '--seed', '1', '--seeds', '1', '--limit', '5')
  expect(status, stdout).toBe(1)
  expect(stdout).toMatch(/^FAILED: seed 1 hangs (before|in) .*: it takes longer than 5 seconds$/m)
})

const wrong: Readonly<Record<string, string[]>> = {
  "--cuts takes a whole number from 1, not 'many'": ['--cuts', 'many'],
  "--cuts takes a whole number from 1, not '0'": ['--cuts', '0'],
  "--seed takes a whole number from 0 to 2147483647, not '-1'": ['--seed=-1'],
  '--processes takes a whole number from 1 to': ['--processes', '0'],
  '--seeds says how many seeds to run: give it without --cuts and --faults': ['--seeds', '2', '--cuts', '5'],
  "Unknown option '--cut'": ['--cut', '5'],
}

for (const [message, args] of Object.entries(wrong)) {
  test(`says what is wrong with ${args.join(' ')}`, () => {
    const { status, stderr } = run('sound', ...args)
    expect(status).toBe(2)
    expect(stderr).toContain(message)
    expect(stderr).toContain('npm run torture -- [options]')
  })
}
