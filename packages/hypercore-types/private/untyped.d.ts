// Types of untyped packages that several packages of this repository use, as far as they use them. They are not published: nothing that
// users see names them.

declare module 'fd-lock' {
  class FDLock {
    /** Takes over the file descriptor, and closes it if `ready` fails. */
    constructor(fd: number, options?: { wait?: boolean | undefined })
    ready(): Promise<void>
    close(): Promise<void>
  }
  export default FDLock
}

declare module 'flat-tree' {
  const flat: {
    /** The roots of a tree over the leaves below this number, which is even. */
    fullRoots(index: number): number[]
    /** The two below a node that is no leaf. */
    children(index: number): [left: number, right: number]
    parent(index: number): number
    /** The first and the last of all that are below a node. */
    spans(index: number): [first: number, last: number]
    /** The last of all that are below a node. */
    rightSpan(index: number): number
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
