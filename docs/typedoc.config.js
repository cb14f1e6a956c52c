// The API reference, `npm run reference`: every package that is published, except those about Hypercore, whose names are explained
// by the documents of others. A name without a docstring fails it.

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const PACKAGES = fileURLToPath(new URL('../packages/', import.meta.url))
const published = readdirSync(PACKAGES).filter((folder) => {
  const manifest = JSON.parse(readFileSync(`${PACKAGES}${folder}/package.json`, 'utf8'))
  return !manifest.private && !folder.startsWith('hypercore-')
})

export default {
  name: 'Coreyard',
  out: '../.reference',
  readme: 'none',
  entryPointStrategy: 'packages',
  entryPoints: published.map((folder) => PACKAGES + folder),
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
  validation: { notExported: false, invalidLink: true, notDocumented: false },
  packageOptions: {
    excludeInternal: true,
    excludePrivate: true,
    excludeExternals: true,
    requiredToBeDocumented: ['Function', 'Class', 'Interface', 'TypeAlias', 'Variable', 'Enum'],
    validation: { notExported: false, invalidLink: true, notDocumented: true },
  },
}
