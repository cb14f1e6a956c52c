// Pages that stand next to one another in the file: they are written together.

import type { Page } from './page.js'

/** The pages from `from` on that stand next to one another, up to so many bytes of them, but at least one. */
export function takeRun<P extends Page>(pages: readonly P[], from: number, most: number): P[] {
  let before = pages[from] as P
  const run = [before]
  let bytes = before.buf.length
  for (let i = from + 1; i < pages.length; i++) {
    const page = pages[i] as P
    bytes += page.buf.length
    if (before.page + before.span !== page.page || bytes > most) break
    run.push(page)
    before = page
  }
  return run
}

/** The bytes of a run. */
export function joined(run: readonly Page[]): Uint8Array {
  if (run.length === 1) return (run[0] as Page).buf
  const bytes = new Uint8Array(run.reduce((sum, { buf }) => sum + buf.length, 0))
  let o = 0
  for (const { buf } of run) {
    bytes.set(buf, o)
    o += buf.length
  }
  return bytes
}
