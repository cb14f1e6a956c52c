// Types of the untyped packages that only this package uses, as far as it uses them.

declare module 'device-file' {
  class DeviceFile {
    constructor(
      path: string,
      options?: {
        /** Make the file if it is not there. Default: `true`. */
        create?: boolean | undefined
        lock?: boolean | undefined
        wait?: boolean | undefined
        data?: { readonly [name: string]: string | null } | undefined
      },
    )
    /** The lock on the file; after a failed `ready` it is still to be closed. */
    readonly lock: { close(): Promise<void> } | null
    ready(): Promise<void>
    transfer(): number
    close(): Promise<void>
  }
  export default DeviceFile
}

declare module 'fd-lock' {
  class FDLock {
    /** Takes over the file descriptor, and closes it if `ready` fails. */
    constructor(fd: number, options?: { wait?: boolean | undefined })
    ready(): Promise<void>
    close(): Promise<void>
  }
  export default FDLock
}

declare module 'queue-tick' {
  /** `process.nextTick`; `queueMicrotask` where there is none. */
  const queueTick: (task: () => void) => void
  export default queueTick
}

declare module 'flat-tree' {
  const flat: {
    /** The roots of a tree over the leaves below this number, which is even. */
    fullRoots(index: number): number[]
    /** The two below a node that is no leaf. */
    children(index: number): [left: number, right: number]
    /** The first and the last of all that are below a node. */
    spans(index: number): [first: number, last: number]
  }
  export default flat
}

declare module 'xache' {
  /** A cache of what was used last: of `maxSize` values at least, once there were so many, and of less than twice as many. */
  class Xache<Key, Value> {
    constructor(options: { readonly maxSize: number })
    /** `null` if it is not there. */
    get(key: Key): Value | null
    set(key: Key, value: Value): this
  }
  export default Xache
}

declare module 'scope-lock' {
  /** Lets one after the other pass, in the order of their calls. */
  class ScopeLock {
    /** Resolves when it is this caller's turn, with `false` if the lock was destroyed. */
    lock(): Promise<boolean>
    unlock(): void
  }
  export default ScopeLock
}
