// A snapshot that several sessions show. It is closed with the last of them.
import type { RandomAccessKV, Snapshot } from '@coreyard/random-access-kv'

export class SharedSnapshot {
  readonly view: Snapshot
  #refs = 0

  constructor(kv: RandomAccessKV) {
    this.view = kv.snapshot()
  }

  ref(): void {
    this.#refs++
  }

  unref(): void {
    // Closing releases pages in memory. It cannot fail, and no caller waits for it.
    if (--this.#refs === 0) void this.view.close()
  }
}
