/**
 * The building blocks of `backup`, which copy a store record by record. Packages such as `@coreyard/convert` use them to build a store
 * from another kind of source. Apps do not need them. They may change in any version, so depend on an exact version of this package.
 *
 * A {@link Source} yields records in the order of their keys. `copyStore` writes them to a {@link Destination}, which opens as a store
 * only after all records were written and compared. `openStore` opens a store of either engine as a source.
 *
 * @packageDocumentation
 */

export { makeStorage } from '../argument/random-access-argument.js'
export { fileDirectoryOf } from '../argument/ready-made-storages.js'
export { absolute } from '../argument/storage-argument.js'
export { badArgument, describe, refuseMisspelled } from '../errors/bad-argument.js'
export { hasCode, isMissing } from '../errors/error-codes.js'
export { nameOf } from '../errors/storage-error.js'
export { eachWithStorageErrors, withStorageErrors } from '../errors/with-storage-errors.js'
export { call, openStorage, readStorage, sizeOf } from '../random-access/storage-calls.js'
export {
  type Copied,
  type CopyOptions,
  type CopyProgress,
  type CopySignal,
  checkCopy,
  isSameDirectory,
  type Pace,
} from './copy-options.js'
export { copyStore } from './copy-store.js'
export { Destination } from './destination.js'
export { identityOf, openStore, type Source, type SourceOptions } from './source.js'
