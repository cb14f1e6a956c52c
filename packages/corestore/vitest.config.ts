// The tests of what a store promises run once on each storage, each time as a project of that storage's name; the others run once.
// test/helpers/places.ts says what the storages are.

import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import base from '../../vitest.base.js'
import type { StorageName } from './test/helpers/places.js'

const ON_ALL = ['spec', 'replication', 'ecosystem', 'interop']
const ON_DIRECTORIES = ['directories']

export default defineConfig({
  test: {
    projects: [
      onStorage('rocksdb', [...ON_ALL, ...ON_DIRECTORIES, 'rocksdb', 'convert']),
      onStorage('memory', ON_ALL),
      onStorage('files', [...ON_ALL, ...ON_DIRECTORIES]),
      onStorage('late', ON_ALL),
      { test: { ...base.test, name: 'once', include: testsIn(['consumer', 'kill', 'once']) } },
    ],
  },
})

function onStorage(storage: StorageName, folders: readonly string[]): TestProjectInlineConfiguration {
  return { test: { ...base.test, name: storage, include: testsIn(folders), provide: { storage } } }
}

function testsIn(folders: readonly string[]): string[] {
  return folders.map((folder) => `test/${folder}/**/*.test.ts`)
}
