// Counts the blocks that come from peers. Hypercore tells of each a moment after it has stored it.

import type { Hypercore } from '@coreyard/hypercore-types'

export class Arrivals {
  /** How many blocks have come. */
  blocks = 0
  /** In bytes. */
  bytes = 0
  /** How many blocks of a core were here before. */
  readonly #before = new Map<Hypercore<unknown>, number>()
  #wake = () => {}

  /** Counts what comes for a core, from which nothing has been asked yet. */
  async watch(core: Hypercore<unknown>): Promise<void> {
    core.on('download', (_index, byteLength) => {
      this.blocks++
      this.bytes += byteLength
      this.#wake()
    })
    await core.ready()
    this.#before.set(core, await countBlocks(core))
  }

  /** Waits until all is counted that is stored by now. */
  async settled(): Promise<void> {
    let stored = 0
    for (const [core, before] of this.#before) stored += (await countBlocks(core)) - before
    while (this.blocks < stored) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}

/** How many blocks of a core are here. */
async function countBlocks(core: Hypercore<unknown>): Promise<number> {
  let count = core.contiguousLength
  for (let index = count; index < core.length; index++) if (await core.has(index)) count++
  return count
}
