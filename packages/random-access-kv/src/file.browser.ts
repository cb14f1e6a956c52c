// Files, where there are none: what the storage package names of file.ts. It refuses directories before it would make a `FileStorage`.

import type { RandomAccessStorage } from './storage/storage.js'

function unsupported(): never {
  throw new Error('A browser has no files')
}

/** What no storage is an instance of. */
export class FileStorage implements RandomAccessStorage {
  readonly filename: string = ''
  readonly open: NonNullable<RandomAccessStorage['open']> = unsupported
  readonly read: RandomAccessStorage['read'] = unsupported
  readonly write: RandomAccessStorage['write'] = unsupported

  constructor() {
    unsupported()
  }
}

export { unsupported as isInPlace, unsupported as lockFile }
