// `npm run pack`: the packages as npm would publish them, in .packed, and the line that installs them elsewhere.

import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PACKED = join(ROOT, '.packed')

const published = readdirSync(join(ROOT, 'packages')).filter((folder) => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'packages', folder, 'package.json'), 'utf8'))
  return !manifest.private
})
rmSync(PACKED, { recursive: true, force: true })
mkdirSync(PACKED)
const workspaces = published.map((folder) => `--workspace=packages/${folder}`)
execFileSync('npm', ['pack', '--silent', `--pack-destination=${PACKED}`, ...workspaces], { cwd: ROOT })
console.log(`npm install ${join(PACKED, '*.tgz')}`)
