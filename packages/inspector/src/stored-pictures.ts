// The pictures of cores that are not open, made from their records only.

import type { Corestore, StoreView } from '@coreyard/corestore'
import { storedCores } from '@coreyard/storage'
import b4a from 'b4a'
import { NO_RATES } from './core-picture.js'
import { toName } from './names.js'
import type { CorePicture } from './picture.js'

/** @param isOpen whether the core with a discovery key, in hex, is open: no picture of it is made */
export async function* storedPictures(
  { storage }: Corestore,
  view: StoreView,
  isOpen: (id: string) => boolean,
): AsyncGenerator<CorePicture, void, undefined> {
  for await (const record of storedCores(storage)) {
    const discoveryKey = b4a.toString(record.discoveryKey, 'hex')
    if (isOpen(discoveryKey)) continue
    const { length, byteLength, fork, writable, written, alias } = record
    const contiguousLength = Math.min(record.contiguousLength, length)
    yield {
      ...toName(view, alias),
      key: b4a.toString(record.key, 'hex'),
      discoveryKey,
      state: 'stored',
      writable,
      active: false,
      downloading: false,
      encrypted: null,
      group: null,
      length,
      byteLength,
      fork,
      contiguousLength,
      ranges: contiguousLength > 0 ? [[0, contiguousLength]] : [],
      // Blocks after the first gap are only known once the core is open.
      hasMoreRanges: contiguousLength < length,
      progress: { total: length, have: contiguousLength, want: 0, wanted: 0 },
      sessions: 0,
      peers: 0,
      sent: 0,
      received: 0,
      rates: NO_RATES,
      lastWritten: written,
      lastActive: null,
      errors: 0,
      conflict: null,
    }
  }
}
