/**
 * A `random-access-storage` on a file of the browser's origin private file system (OPFS), from a page or from a worker.
 *
 * ```js
 * import Corestore from '@coreyard/corestore'
 * import { opfsStorage } from '@coreyard/random-access-opfs'
 *
 * const store = new Corestore(opfsStorage('my-app'))
 * ```
 *
 * @packageDocumentation
 */
export { OpfsError, type OpfsErrorCode } from './errors.js'
export { type OpfsFile, type OpfsOptions, opfsStorage } from './opfs-storage.js'
export type { WorkerLike } from './platform.js'
export type { MakeWorker } from './remote-file.js'
