// What `store.delete` takes.

/** The options of `delete`. */
export interface DeleteOptions {
  /** Closes the open sessions of the core first, in every store that shares it. Default `false`. */
  force?: boolean | undefined
  /**
   * `false`: do not compact the database now; its disk space is freed later. This saves tens of milliseconds for each core when many are
   * deleted. Default `true`.
   */
  compact?: boolean | undefined
}
