// Bundles the package in the working directory: one file in dist/ for each of its exports and `imports`, and one for what they share.
// Node.js takes about a millisecond for each module that it imports, and the packages have more than a hundred.
// Declarations are TypeScript's own, one for each module.
import { readFileSync } from 'node:fs'
import { rolldown } from 'rolldown'
import { requireCommonJs } from './require-commonjs.js'

const { exports, imports = {} } = JSON.parse(readFileSync('package.json', 'utf8'))
const files = [...Object.values(exports), ...Object.values(imports)].flatMap(ownFiles)
const names = files.map((file) => file.replace(/^\.\/dist\/(.*)\.js$/, '$1'))

const bundle = await rolldown({
  input: Object.fromEntries(names.map((name) => [name, `src/${name}.ts`])),
  external: (id) =>
    !id.startsWith('.') && !id.startsWith('/') && !names.some((name) => id === `src/${name}.ts`),
  platform: 'node',
  transform: { target: 'es2022' },
  experimental: { nativeMagicString: true },
  // Every dependency is CommonJS, but our own packages and what `imports` names.
  plugins: [
    { name: 'source', load: programOf },
    requireCommonJs({ isCommonJs: (id) => !/^(node:|#|@coreyard\/)/.test(id) }),
  ],
})
await bundle.write({ dir: 'dist', format: 'esm', sourcemap: true, chunkFileNames: '[name].js' })

/** `name.js?source` is the program that the module `name` is, as text; `name.css?source` and the like are what the file has. */
async function programOf(id) {
  const [file, query] = id.split('?')
  if (query !== 'source') return null
  if (!/\.[jt]s$/.test(file)) return `export default ${JSON.stringify(readFileSync(file, 'utf8'))}`
  const program = await rolldown({ input: file, platform: 'browser', transform: { target: 'es2022' } })
  const { output } = await program.generate({ format: 'iife', minify: true })
  return `export default ${JSON.stringify(output[0].code)}`
}

/** The files in dist/ that the conditions of an entry of `exports` or `imports` lead to. bundle-browser.js makes those for browsers. */
function ownFiles(entry) {
  if (typeof entry === 'object') return Object.values(entry).flatMap(ownFiles)
  return /^\.\/dist\/(?!browser\/).*\.js$/.test(entry) ? [entry] : []
}
