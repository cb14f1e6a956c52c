// The command line of `npm run test:stress`.

import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'

export const USAGE = `Usage: npm run test:stress -- [--runs N] [--loaded N] [--only PACKAGE] [--all]

Runs all tests again and again, and says which ones fail. The last runs are beside two busy loops and a disk writer.

  --runs N        how many runs (default: 10)
  --loaded N      how many of them, the last ones, are beside the load (default: half of them)
  --only PACKAGE  the tests of one package only, by the name of its folder
  --all           every test that can run on all storages on each of them, as npm run test:all does`

const FOLDERS = ['packages/', 'examples/', '']
const ROOT = new URL('../../', import.meta.url)

/** @throws Error for what is no option, or has no meaning */
export function parseOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      runs: { type: 'string', default: '10' },
      loaded: { type: 'string' },
      only: { type: 'string' },
      all: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const runs = countOf('--runs', values.runs, 1, 1000)
  const loaded =
    values.loaded === undefined ? Math.floor(runs / 2) : countOf('--loaded', values.loaded, 0, runs)
  return { runs, loaded, only: packageOf(values.only), all: values.all, help: values.help }
}

function countOf(option, text, least, most) {
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= least && count <= most) return count
  throw new Error(`${option} takes a number from ${least} to ${most}, not ${text || 'nothing'}`)
}

/** The path of the package below the root; `null` for all packages. */
function packageOf(name) {
  if (name === undefined) return null
  const paths = FOLDERS.map((folder) => `${folder}${name}`)
  const path = /^[\w-]+$/.test(name) ? paths.find(hasTests) : undefined
  if (path !== undefined) return path
  throw new Error(
    `--only takes the folder of a package that has tests, such as corestore, not ${name || 'nothing'}`,
  )
}

function hasTests(path) {
  return existsSync(new URL(`${path}/vitest.config.ts`, ROOT))
}
