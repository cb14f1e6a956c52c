// No progress, and the sum of several.

import type { Progress } from './picture.js'

export const NO_PROGRESS: Progress = { total: 0, have: 0, want: 0, wanted: 0 }

export function sumOf(parts: Iterable<Progress>): Progress {
  let [total, have, want, wanted] = [0, 0, 0, 0]
  for (const progress of parts) {
    total += progress.total
    have += progress.have
    want += progress.want
    wanted += progress.wanted
  }
  return { total, have, want, wanted }
}
