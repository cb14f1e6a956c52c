// A folder of tests says on which storages they run, each time as a project of that storage's name: docs/architecture.md, "Where to
// put what". test/helpers/places.ts says what the storages are. With TEST_ALL every test that can run on all storages does so.

import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import base from '../../vitest.base.js'
import type { StorageName } from './test/helpers/places.js'

/** What a store keeps, and what happens while the storage works: it can differ from one storage to the next. */
const EACH = ['spec', 'replication']
/** What is decided before the storage is asked, or after it has answered: the same on all of them. */
const ANY = ['any-storage', 'hostile']
/** Packages that apps put on a store. The native database and the fastest storage find what the others find, too. */
const APPS = ['ecosystem']
const DIRECTORIES = ['directories']

const isComplete = Boolean(process.env.TEST_ALL)
const rest = isComplete ? [...ANY, ...APPS] : []

export default defineConfig({
  test: {
    projects: [
      onStorage('rocksdb', [
        ...EACH,
        ...APPS,
        ...DIRECTORIES,
        'rocksdb',
        'convert',
        ...(isComplete ? ANY : []),
      ]),
      onStorage('memory', [...EACH, ...APPS, ...ANY]),
      onStorage('files', [...EACH, ...DIRECTORIES, ...rest]),
      onStorage('late', [...EACH, ...rest]),
      { test: { ...base.test, name: 'once', include: testsIn(['consumer', 'copies', 'kill', 'once']) } },
    ],
  },
})

function onStorage(storage: StorageName, folders: readonly string[]): TestProjectInlineConfiguration {
  return { test: { ...base.test, name: storage, include: testsIn(folders), provide: { storage } } }
}

function testsIn(folders: readonly string[]): string[] {
  return folders.map((folder) => `test/${folder}/**/*.test.ts`)
}
