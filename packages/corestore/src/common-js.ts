// What `require('@coreyard/corestore')` gives on Node.js versions that load ES modules with it: the class, as of Corestore 7, whose
// static members are all exports of the package, so that `const { Corestore, corestore } = require(...)` works as the ES import does.

import { CoreyardError, fileStorage, memoryStorage, StorageError } from '@coreyard/storage'
import { CorestoreError } from './errors/errors.js'
import { Corestore, corestore } from './store/corestore.js'

export const commonJs = Object.assign(Corestore, {
  default: Corestore,
  Corestore,
  corestore,
  CorestoreError,
  CoreyardError,
  StorageError,
  fileStorage,
  memoryStorage,
})
