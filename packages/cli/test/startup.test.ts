// What a command loads: the packages of the network take longer than most commands do.

import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { filled } from './command.js'

test('a command that needs no network loads none of its packages', async () => {
  const program = `
    import { createRequire } from 'node:module'
    import { processIo, run } from ${JSON.stringify(import.meta.resolve('@coreyard/cli'))}
    await run(['ls', ${JSON.stringify(await filled())}], { ...processIo(), out() {} })
    console.log(Object.keys(createRequire(import.meta.url).cache).join('\\n'))`
  const loaded = execFileSync(process.execPath, ['--input-type=module', '-e', program]).toString()
  expect(loaded).toContain('/hypercore/')
  expect(loaded).not.toMatch(
    /\/node_modules\/(hyperswarm|hyperdht|blind-peer|blind-peering|autobase|corestore)\//,
  )
})
