// `npm run test:install`: the packed packages under pnpm without hoisting and under Yarn Plug'n'Play, where a package finds only what it
// has declared itself. Each installs them in an empty folder, imports every entry point, and runs a store on each storage.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PACKED = join(ROOT, '.packed')

const MANAGERS = [
  {
    name: 'pnpm without hoisting',
    files: { '.npmrc': 'hoist=false\nshamefully-hoist=false\n' },
    replace: (tarballs) => ({ pnpm: { overrides: tarballs, onlyBuiltDependencies: [] } }),
    install: ['pnpm@10.34.9', 'install', '--no-frozen-lockfile'],
    start: ['node', 'program.mjs'],
  },
  {
    name: "Yarn with Plug'n'Play",
    files: {
      '.yarnrc.yml': 'nodeLinker: pnp\nenableTelemetry: false\nenableGlobalCache: false\n',
      'yarn.lock': '',
    },
    replace: (tarballs) => ({ resolutions: tarballs }),
    install: ['@yarnpkg/cli-dist@4.18.1', 'install', '--no-immutable'],
    start: ['npx', '--yes', '@yarnpkg/cli-dist@4.18.1', 'node', 'program.mjs'],
  },
]

run(ROOT, 'npm', 'run', 'pack')
const packages = readPackages()
const tarballs = Object.fromEntries(packages.map(({ name, tarball }) => [name, `file:${tarball}`]))
const program = `
${packages.flatMap(({ entries }) => entries.map((entry) => `import '${entry}'`)).join('\n')}
import Corestore, { memoryStorage } from '@coreyard/corestore'

const stores = [new Corestore('./rocks'), new Corestore('./file', { engine: 'random-access' }), new Corestore(memoryStorage())]
for (const store of stores) {
  const core = store.get({ name: 'a', valueEncoding: 'utf-8' })
  await core.append('stored')
  console.log(await core.get(0))
  await store.close()
}
`

for (const { name, files, replace, install, start } of MANAGERS) {
  const folder = mkdtempSync(join(tmpdir(), 'coreyard-install-'))
  const dependencies = Object.assign({}, ...packages.map(({ peers }) => peers), tarballs)
  const manifest = { name: 'consumer', private: true, dependencies, ...replace(tarballs) }
  const all = { ...files, 'program.mjs': program, 'package.json': JSON.stringify(manifest) }
  for (const [file, text] of Object.entries(all)) writeFileSync(join(folder, file), text)
  try {
    run(folder, 'npx', '--yes', ...install)
    const output = run(folder, ...start)
    if (output !== 'stored\nstored\nstored\n') throw new Error(`The program printed: ${output}`)
    console.log(`${name}: installed, imported and run`)
  } catch (error) {
    process.exitCode = 1
    console.error(`${name}: ${error.message}\n${error.stdout ?? ''}${error.stderr ?? ''}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The packed packages, each with the names that a program can import it by, and what it leaves for the program to install. */
function readPackages() {
  return readdirSync(PACKED).map((file) => {
    const tarball = join(PACKED, file)
    const {
      name,
      exports,
      peerDependencies: peers,
    } = JSON.parse(run(ROOT, 'tar', '-xzOf', tarball, 'package/package.json'))
    const entries = Object.entries(exports)
      .filter(([, target]) => target.default !== undefined)
      .map(([path]) => name + path.slice(1))
    return { name, tarball, entries, peers }
  })
}

function run(cwd, command, ...args) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
