// Bundles the package in the working directory for browsers, with all that it imports: no bundler of a user has to know what takes the
// place of a module of Node.js, and a page can import the files as they are. `name.browser.ts` beside a source takes its place.
//
// Arguments: the entries of `exports` (`index`), and the packages that others are to share with the bundle. `name.js` exports such a
// package for `import`, and `name.cjs` for `require`.

import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { globals, replacedFiles, replacements } from '@coreyard/browser/replacements'
import { rolldown } from 'rolldown'

const PACKAGES = fileURLToPath(new URL('../packages', import.meta.url))

const names = process.argv.slice(2)
const shared = names.filter((name) => !isOwn(name))
const bundle = await rolldown({
  input: Object.fromEntries(names.map((name) => [name, isOwn(name) ? `src/${name}.ts` : name])),
  platform: 'browser',
  transform: {
    target: 'es2022',
    inject: Object.fromEntries(Object.entries(globals).map(([name, file]) => [name, [file, name]])),
    define: { global: 'globalThis' },
  },
  plugins: [{ name: 'browser', resolveId, transform, generateBundle }],
})
await bundle.write({ dir: 'dist/browser', format: 'esm', minify: true, chunkFileNames: 'shared.js' })

function isOwn(name) {
  return existsSync(`src/${name}.ts`)
}

function resolveId(id, importer) {
  if (Object.hasOwn(replacements, id)) return replacements[id]
  if (importer === undefined) return null
  if (id === './migrations/0' && importer.includes('/hypercore-storage/')) {
    return sourceOf('@coreyard/hypercore-port/first-migration')
  }
  for (const [name, files] of Object.entries(replacedFiles)) {
    if (Object.hasOwn(files, id) && importer.includes(`/${name}/`)) return files[id]
  }
  const source = id.startsWith('@coreyard/') ? sourceOf(id) : ownSource(id, importer)
  if (source === null) return null
  // Four packages have a copy of it, so that each works alone.
  if (basename(source) === 'coreyard-error.ts') return join(PACKAGES, 'keychain/src/coreyard-error.ts')
  const forBrowsers = source.replace(/\.ts$/, '.browser.ts')
  return existsSync(forBrowsers) ? forBrowsers : source
}

/** What Node.js gives to `require`: Vite 7 and older refuse an export of that name, for the browsers that they build for. */
function transform(code) {
  const line = /^export \{ \w+ as 'module\.exports' \}$/m
  return line.test(code) ? code.replace(line, '') : null
}

/** The source of an entry of one of our packages. */
function sourceOf(id) {
  const [, name, ...entry] = id.split('/')
  const directory = join(PACKAGES, name)
  const { exports } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
  const file = exports[['.', ...entry].join('/')].default
  return join(directory, file.replace('./dist/', 'src/').replace(/\.js$/, '.ts'))
}

/** The source of a relative import among our own. */
function ownSource(id, importer) {
  if (!/^\.\.?\//.test(id) || !importer.startsWith(PACKAGES) || !importer.endsWith('.ts')) return null
  return resolve(dirname(importer), id).replace(/\.js$/, '.ts')
}

/** An ES module that is required is the object of its exports; these packages are what they export by default. */
function generateBundle() {
  for (const name of shared) {
    const source = `module.exports = require('./${name}.js').default\n`
    this.emitFile({ type: 'asset', fileName: `${name}.cjs`, source })
  }
}
