// Bundles the torture run with the store's sources: into dist/, or into another folder with a fault put into one file (mutations.ts).

import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const here = fileURLToPath(new URL('.', import.meta.url))

/**
 * @param {string} dir
 * @param {import('./mutations.js').Mutation | null} mutation
 */
export async function bundle(dir, mutation) {
  const put = {
    name: 'mutation',
    transform(code, id) {
      if (mutation === null || !id.endsWith(mutation.file)) return null
      const count = code.split(mutation.pattern).length - 1
      if (count !== 1)
        throw new Error(`'${mutation.pattern}' is ${count} times in ${id}: bring the mutation up to date`)
      return { code: code.replace(mutation.pattern, () => mutation.replacement), map: null }
    },
  }
  const built = await rolldown({
    input: { main: `${here}main.ts`, worker: `${here}worker.ts` },
    external: (id) => !/^[./#]/.test(id),
    resolve: { alias: { '#random-bytes': `${here}../src/random-bytes.ts` } },
    platform: 'node',
    plugins: [put],
  })
  await built.write({ dir, format: 'esm', sourcemap: true })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle(`${here}dist`, null)
