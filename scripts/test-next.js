// `npm run test:next`: does the code in this folder work with the newest Hypercore and hypercore-storage? Installs them in a copy of
// the tracked files, builds it, runs the contract tests there and says which fail. Nothing here changes.
//
//   npm run test:next -- [--all] [--keep] [hypercore@VERSION] [hypercore-storage@VERSION]
//
// --all: the entire test run instead of the contract tests. --keep: leave the copy, to look at it. A VERSION is tried instead of
// the newest. Exits with 0 if all tests passed, with 1 if not, with 2 for arguments that have no meaning.

import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
/** What is installed in the newest version. */
const RAISED = ['hypercore', 'hypercore-storage']
/** Versions to show besides: they come with those. */
const SHOWN = [...RAISED, 'rocksdb-native', 'protomux']

/** The tests that rely the most on how Hypercore and hypercore-storage work. */
const CONTRACTS = [
  ['types', 'packages/hypercore-types', ['test/contract']],
  ['port', 'packages/hypercore-port', []],
  ['storage', 'packages/storage', ['test/contract.test.ts', 'test/database-contract.test.ts']],
  [
    'store',
    'packages/corestore',
    // Measuring leaks takes longer than all of the others.
    ['--project', 'memory', '--exclude', '**/leaks.test.ts', 'test/spec', 'test/any-storage'],
  ],
]

const options = readArguments(process.argv.slice(2))
process.exitCode = options === null ? 2 : await main(options)

function readArguments(args) {
  const versions = new Map(RAISED.map((name) => [name, 'latest']))
  const flags = new Set()
  for (const argument of args) {
    const [, name, version] = /^([a-z-]+)@(.+)$/.exec(argument) ?? []
    if (versions.has(name)) versions.set(name, version)
    else if (argument === '--all' || argument === '--keep') flags.add(argument)
    else {
      console.error(
        `${argument} has no meaning here: give --all, --keep, ${RAISED.join('@VERSION, ')}@VERSION`,
      )
      return null
    }
  }
  return { versions, all: flags.has('--all'), keep: flags.has('--keep') }
}

async function main({ versions, all, keep }) {
  const copy = await mkdtemp(join(tmpdir(), 'coreyard-next-'))
  const end = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end.abort())
  try {
    const failed = await test(copy, versions, all, end.signal)
    for (const line of failed) console.log(`FAILED  ${line}`)
    if (failed.length === 0) console.log('All passed.')
    return failed.length === 0 ? 0 : 1
  } catch (error) {
    console.error(end.signal.aborted ? 'Ended by a signal' : error.message)
    return 1
  } finally {
    if (keep) console.log(`The copy is in ${copy}`)
    else await rm(copy, { recursive: true, force: true, maxRetries: 10 })
  }
}

/** What failed, in a line each. */
async function test(copy, versions, all, signal) {
  await copyTrackedFiles(copy, signal)
  const before = await lockedVersions(copy)
  const newest = new Map()
  for (const [name, wanted] of versions) newest.set(name, await exactVersion(name, wanted, signal))
  const raised = await raise(copy, newest)
  console.log(`Installing ${[...newest].map((pair) => pair.join('@')).join(', ')} in ${copy}`)
  await run('npm', ['install', '--loglevel=error'], { cwd: copy, signal })
  const after = await lockedVersions(copy)
  await assertInstalled(copy, raised, newest)
  for (const name of SHOWN) {
    const change = before[name] === after[name] ? 'as before' : `before: ${before[name]}`
    console.log(`${name.padEnd(20)}${after[name]}  (${change})`)
  }
  if (!(await succeeds('npm', ['run', 'build'], { cwd: copy, signal }))) return ['the build']
  if (all) return (await succeeds('npm', ['test'], { cwd: copy, signal })) ? [] : ['a test: see above']

  const failed = []
  for (const [contract, folder, selection] of CONTRACTS) {
    console.log(`\nThe ${contract} contract, ${folder}:`)
    const report = join(copy, `${contract}.json`)
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const args = ['vitest', 'run', ...reporters, ...selection]
    if (await succeeds('npx', args, { cwd: join(copy, folder), signal })) continue
    failed.push(...(await failuresOf(report)).map((name) => `${contract} contract, ${name}`))
  }
  return failed
}

async function copyTrackedFiles(copy, signal) {
  const files = (await run('git', ['ls-files', '-z'], { cwd: ROOT, signal, capture: true })).split('\0')
  for (const file of files) {
    if (file === '') continue
    // A file that is deleted and still tracked is not there.
    await cp(join(ROOT, file), join(copy, file)).catch((error) => {
      if (error.code !== 'ENOENT') throw error
    })
  }
}

/** The versions that the lock file in that folder has, for all packages that have none of their own. */
async function lockedVersions(folder) {
  const { packages } = await readJson(join(folder, 'package-lock.json'))
  return Object.fromEntries(SHOWN.map((name) => [name, packages[`node_modules/${name}`]?.version]))
}

async function exactVersion(name, wanted, signal) {
  const asked = `${name}@${wanted}`
  const answer = await run('npm', ['view', asked, 'version', '--json'], { cwd: ROOT, signal, capture: true })
  // Several versions, if a range was asked for: the last is the newest.
  const version = answer.trim() === '' ? undefined : [JSON.parse(answer)].flat().at(-1)
  if (version === undefined) throw new Error(`There is no version ${asked}: give one that is published`)
  return version
}

/**
 * Makes every package in the copy that depends on these depend on exactly these versions.
 *
 * @returns those dependencies: the folder of the package, and the name
 */
async function raise(copy, versions) {
  const listed = await run('git', ['ls-files', '-z', '*package.json'], { cwd: ROOT, capture: true })
  const raised = []
  for (const file of listed.split('\0').filter((name) => name !== '')) {
    const manifest = await readJson(join(copy, file))
    for (const kind of ['dependencies', 'devDependencies', 'peerDependencies']) {
      for (const [name, version] of versions) {
        if (!manifest[kind]?.[name]) continue
        manifest[kind][name] = version
        raised.push({ folder: dirname(file), name })
      }
    }
    await writeFile(join(copy, file), `${JSON.stringify(manifest, null, 2)}\n`)
  }
  return raised
}

/** Another package in the tree may need another version: npm then installs both, and some tests would run on the old one. */
async function assertInstalled(copy, raised, versions) {
  const { packages } = await readJson(join(copy, 'package-lock.json'))
  for (const { folder, name } of raised) {
    const own = packages[`${folder}/node_modules/${name}`] ?? packages[`node_modules/${name}`]
    if (own?.version === versions.get(name)) continue
    throw new Error(
      `${folder} has ${name}@${own?.version}: see what else needs that one, with npm ls ${name}`,
    )
  }
}

async function readJson(path) {
  return JSON.parse(await readFile(path, 'utf8'))
}

/** The tests that a report of Vitest says have failed. */
async function failuresOf(report) {
  const text = await readFile(report, 'utf8').catch(() => null)
  if (text === null) return ['no report: see above']
  const { testResults } = JSON.parse(text)
  const names = testResults.flatMap(({ name, message, assertionResults }) => {
    const file = name.replace(/^.*\/test\//, 'test/')
    const failed = assertionResults.filter(({ status }) => status === 'failed')
    if (failed.length === 0) return message ? [`${file}: ${message}`] : []
    return failed.map(({ fullName }) => `${file}: ${fullName}`)
  })
  return names.length > 0 ? names : ['an error outside of the tests: see above']
}

function succeeds(command, args, options) {
  return run(command, args, options).then(
    () => true,
    (error) => {
      if (options.signal.aborted) throw error
      return false
    },
  )
}

/** Runs a command to its end; with `capture` gives what it printed. */
function run(command, args, { cwd, signal, capture = false }) {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', capture ? 'pipe' : 'inherit', 'inherit']
    const child = spawn(command, args, { cwd, signal, stdio, shell: process.platform === 'win32' })
    let output = ''
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      output += text
    })
    child.on('error', (error) => {
      if (error.name !== 'AbortError') reject(error) // after that it still has to end
    })
    child.on('close', (code) => {
      if (code === 0) resolve(output)
      else reject(new Error(`${command} ${args.slice(0, 2).join(' ')} failed with exit code ${code}`))
    })
  })
}
