// The storage argument for a store in files of the browser.

import { LocalFile } from './local-file.js'
import { hasSyncFiles } from './platform.js'
import { type MakeWorker, RemoteFile } from './remote-file.js'

/** One file as a `random-access-storage`. */
export type OpfsFile = LocalFile | RemoteFile

/** How files of the origin private file system (OPFS) are opened. */
export interface OpfsOptions {
  /**
   * Creates the worker that opens a file for a page. The worker must run `@coreyard/random-access-opfs/worker`. Use this option if the
   * content security policy of the page forbids `blob:` workers. Default: a `blob:` worker with the source of that module. With this
   * option, a worker is used even if the caller is a dedicated worker itself.
   */
  readonly worker?: MakeWorker | undefined
}

/**
 * Stores files in a directory of the origin private file system. Other origins cannot see it. On a page, a worker opens each file. In a
 * dedicated worker the file is opened directly, which is faster.
 *
 * Only one store at a time can have a file open, in all tabs of the origin. Another one fails with `ELOCKED` after one second.
 *
 * @param directory the name of a directory, or a path of names separated by `/`. It is created if it does not exist
 * @returns a function that makes the storage of a file in the directory: pass it to `new Corestore`
 * @throws TypeError `BAD_ARGUMENT` for an invalid name or option
 */
export function opfsStorage(directory: string, options: OpfsOptions = {}): (path: string) => OpfsFile {
  expectPath(directory, 'directory')
  const { worker } = checked(options)
  return (path) => {
    expectPath(path, 'path')
    const file = `${directory}/${path}`
    return worker === undefined && hasSyncFiles() ? new LocalFile(file) : new RemoteFile(file, worker)
  }
}

function expectPath(path: unknown, name: string): void {
  const isPath =
    typeof path === 'string' && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  if (isPath) return
  const given = typeof path === 'string' ? `'${path}'` : typeof path
  throw badArgument(`${name} must be a name, or several with / between them, such as 'my-app', not ${given}`)
}

function checked(options: OpfsOptions): OpfsOptions {
  if (typeof options !== 'object' || options === null) {
    throw badArgument(`options must be an object, not ${options === null ? 'null' : typeof options}`)
  }
  const unknown = Object.keys(options).find((name) => name !== 'worker')
  if (unknown !== undefined) throw badArgument(`'${unknown}' is not an option: there is worker`)
  if (options.worker !== undefined && typeof options.worker !== 'function') {
    throw badArgument(`worker must be a function that makes a worker, not ${typeof options.worker}`)
  }
  return options
}

/** The error for an invalid argument. The symbol makes `instanceof CoreyardError` recognise it, in all packages that have that class. */
function badArgument(message: string): TypeError & { readonly code: 'BAD_ARGUMENT' } {
  const error = Object.assign(new TypeError(message), { code: 'BAD_ARGUMENT' as const })
  return Object.defineProperty(error, Symbol.for('@coreyard/error'), { value: true })
}
