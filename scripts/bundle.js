// Bundles the package in the working directory: one file in dist/ for each of its exports, and one for what they share.
// Node.js takes about a millisecond for each module that it imports, and the packages have more than a hundred.
// Declarations are TypeScript's own, one for each module.
import { readFileSync } from 'node:fs'
import { rolldown } from 'rolldown'
import { requireCommonJs } from './require-commonjs.js'

const { exports } = JSON.parse(readFileSync('package.json', 'utf8'))
const files = Object.values(exports).flatMap(({ default: file }) => file ?? [])
const names = files.map((file) => file.replace(/^\.\/dist\/(.*)\.js$/, '$1'))

const bundle = await rolldown({
  input: Object.fromEntries(names.map((name) => [name, `src/${name}.ts`])),
  external: (id) =>
    !id.startsWith('.') && !id.startsWith('/') && !names.some((name) => id === `src/${name}.ts`),
  platform: 'node',
  transform: { target: 'es2022' },
  experimental: { nativeMagicString: true },
  // Every dependency but our own packages is CommonJS.
  plugins: [requireCommonJs({ isCommonJs: (id) => !id.startsWith('node:') && !id.startsWith('@coreyard/') })],
})
await bundle.write({ dir: 'dist', format: 'esm', sourcemap: true, chunkFileNames: '[name].js' })
