// `npm run release`: publishes each package that npm does not have in its version, in the order of their dependencies. With
// `-- --dry-run`, which CI runs, it does all but that: it builds, packs, and checks what would be published.

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const isDry = process.argv.includes('--dry-run')

const packages = inOrder(readPackages())
const versions = new Set(packages.map(({ version }) => version))
if (versions.size !== 1) fail(`the packages have several versions: ${[...versions].join(', ')}`)
if (!isDry && run('git', ['status', '--porcelain']) !== '')
  fail('the working tree has changes: commit them first')

run('npm', ['run', 'build'])
for (const { name, folder, version } of packages) {
  const args = ['publish', '--ignore-scripts', `--workspace=packages/${folder}`]
  if (isDry) {
    // Packs and checks, without a registry.
    const [packed] = JSON.parse(run('npm', ['pack', '--dry-run', '--json', ...args.slice(1)]))
    const files = packed.files.map(({ path }) => path)
    const missing = ['LICENSE', 'README.md', 'package.json'].filter((file) => !files.includes(file))
    if (missing.length > 0) fail(`${name} lacks ${missing.join(', ')}`)
    console.log(`would publish ${name}@${version}: ${files.length} files, ${packed.unpackedSize} bytes`)
  } else if (isPublished(name, version)) {
    console.log(`${name}@${version} is published already`)
  } else {
    run('npm', args)
    console.log(`published ${name}@${version}`)
  }
}

function readPackages() {
  const folders = readdirSync(join(ROOT, 'packages'))
  const manifests = folders.map((folder) => {
    const {
      name,
      version,
      private: isPrivate = false,
      dependencies = {},
    } = JSON.parse(readFileSync(join(ROOT, 'packages', folder, 'package.json'), 'utf8'))
    return { name, version, isPrivate, folder, needs: Object.keys(dependencies) }
  })
  return manifests.filter(({ isPrivate }) => !isPrivate)
}

/** What a package needs comes before it. */
function inOrder(all) {
  const ordered = new Set()
  const add = (manifest) => {
    for (const other of all) if (manifest.needs.includes(other.name)) add(other)
    ordered.add(manifest)
  }
  all.forEach(add)
  return [...ordered]
}

function isPublished(name, version) {
  try {
    return run('npm', ['view', `${name}@${version}`, 'version']) !== ''
  } catch {
    return false // E404: npm does not know the package
  }
}

function run(program, args) {
  const stdio = ['ignore', 'pipe', isDry ? 'ignore' : 'inherit']
  return execFileSync(program, args, { cwd: ROOT, stdio }).toString()
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
