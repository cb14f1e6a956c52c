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

declare module 'queue-tick' {
  /** `process.nextTick`; `queueMicrotask` where there is none. */
  const queueTick: (task: () => void) => void
  export default queueTick
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
