/**
 * Copying a store record by record: the parts of `backup`, for packages that make a store from a source of another kind, as
 * `@coreyard/convert` does. An app has no use for them. They may change in any version, so such a package depends on one version
 * exactly.
 *
 * A {@link Source} gives the records in the order of their keys. `copyStore` brings them to a {@link Destination}, which is no store
 * until all of them are there and compared. `openStore` makes a source of a store of either engine.
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
