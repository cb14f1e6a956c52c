// Copies a source to a destination: writes, reads again and compares.

import type { Copied, Pace } from './copy-options.js'
import { compareRecords, copyRecords } from './copy-records.js'
import type { Destination } from './destination.js'
import type { OpenDatabase } from './open-database.js'
import type { Source } from './source.js'

/** Copies the source, which makes the destination a store. If a copy was interrupted, another call continues it. */
export async function copyStore(source: Source, destination: Destination, pace: Pace): Promise<Copied> {
  const compare = (open: OpenDatabase) => compareRecords(source, open, pace)
  const finished = await destination.finished(source, compare)
  if (finished !== null) return { ...finished, written: 0 }
  const written = await destination.mark(source, (open) => copyRecords(source, open, pace))
  return { ...(await destination.finish(source, compare)), written }
}
