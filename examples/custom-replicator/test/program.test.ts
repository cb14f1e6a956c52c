// Runs the built program as its own process, as a user would.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('../dist/index.js', import.meta.url))

test('shows who got what: each of them what Alice allows, and Carol the photos once she may have them', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program])
  expect(stderr).toBe('')
  expect(stdout.trimEnd().split('\n')).toEqual([
    'bob    photos  The lake, with the dog in it',
    'bob    notes   Meet at seven, bring bread',
    'bob    diary   (not shared)',
    'carol  photos  (not shared)',
    'carol  notes   Meet at seven, bring bread',
    'carol  diary   (not shared)',
    'carol  photos  The lake, with the dog in it',
  ])
})
