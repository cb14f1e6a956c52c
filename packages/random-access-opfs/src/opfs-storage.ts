// The storage argument of a store that lives in files of the browser.

import { LocalFile } from './local-file.js'
import { hasSyncFiles } from './platform.js'
import { type MakeWorker, RemoteFile } from './remote-file.js'

/** One file as a `random-access-storage`. */
export type OpfsFile = LocalFile | RemoteFile

/** How files of the OPFS are opened. */
export interface OpfsOptions {
  /**
   * Makes the worker that has a file open for a page: one that runs `@coreyard/random-access-opfs/worker`. For a page whose content
   * security policy does not allow workers of `blob:`. Default: from the source of that module.
   */
  readonly worker?: MakeWorker | undefined
}

/**
 * Files in a directory of the origin private file system, which is the page's own: no other origin sees it. On a page, a worker has each
 * file open; in a dedicated worker, the file is opened there, which is faster.
 *
 * One store at a time has a file open, whatever the number of tabs.
 *
 * @param directory its name, or several with `/` between them; made if it is missing
 * @returns a function that makes the storage of a file in it, which is what `new Corestore` takes
 * @throws a `TypeError` with the code `BAD_ARGUMENT` for a name or an option that is none
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

function badArgument(message: string): TypeError & { readonly code: 'BAD_ARGUMENT' } {
  return Object.assign(new TypeError(message), { code: 'BAD_ARGUMENT' as const })
}
