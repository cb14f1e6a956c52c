// The native packages of hypercore-storage and of the storage package. A store in a browser never creates instances of these; they exist
// because other classes extend them.

/** hypercore-storage names its own by one. */
export class ColumnFamily {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/** `rocksdb-native`, `device-file` and `fd-lock`. */
export default class Native {
  constructor() {
    throw new Error('Native modules do not run in a browser')
  }
}

/** `fs-native-extensions`. */
export function tryLock(): never {
  throw new Error('A browser locks no files')
}
