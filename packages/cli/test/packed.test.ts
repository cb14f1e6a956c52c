// The command as npm installs it, from the packed packages.

import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { installPacked } from '../../corestore/test/consumer/packed.js'
import { filled } from './command.js'

test('the command runs from the packed packages', async () => {
  const consumer = installPacked()
  onTestFinished(() => consumer.remove())
  const bin = join(consumer.directory, 'node_modules/@coreyard/cli/bin/coreyard.js')
  expect(statSync(bin).mode & 0o111).toBe(0o111)
  const output = execFileSync(bin, ['ls', await filled()]).toString()
  expect(output).toMatch(/^chat /m)
})
