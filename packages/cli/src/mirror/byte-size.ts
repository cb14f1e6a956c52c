// Sizes as people write them: `500MB`, `10 GB`, `1.5TiB`, or plain bytes.

import { usage } from '../errors.js'
import { given } from '../text.js'

/** The power of 1000, or of 1024 with `i`. */
const UNITS = ['', 'k', 'm', 'g', 't', 'p']

/** `--max-bytes`, in bytes. */
export function readByteSize(text: string): number {
  const [, count = '', prefix = '', binary] =
    /^(\d+(?:\.\d+)?)(?: (?=[a-z]))?([kmgtp]?)(i?)b?$/i.exec(text) ?? []
  const bytes = Math.floor(Number(count) * (binary ? 1024 : 1000) ** UNITS.indexOf(prefix.toLowerCase()))
  const isWhole = Number.isSafeInteger(bytes) && bytes > 0 && !(binary && prefix === '')
  if (count !== '' && isWhole) return bytes
  throw usage(`--max-bytes must be a size above 0, as 10GB, 500MB or 1.5TiB, not ${given(text)}`)
}
