// The blocks of a soak, which say which ones they are.

import { block } from '../tasks/material.js'

/** In bytes. */
const SIZE = 1000

export function contentOf(index: number): Buffer {
  return block(index, SIZE)
}
