// `hypercore-storage/migrations/0`, which makes a store of an empty database, and takes over directories of Corestore 6 by the way. This
// one only does the former.

import { CorestoreTX } from 'hypercore-storage/lib/tx.js'
import View from 'hypercore-storage/lib/view.js'

interface Storage {
  readonly db: object
  _getHead(view: View): Promise<{ version: number }>
}

/** Makes the records of a store that has no core. */
export async function store(storage: Storage, { version }: { readonly version: number }): Promise<void> {
  const view = new View()
  const tx = new CorestoreTX(view)
  tx.setHead({ ...(await storage._getHead(view)), version })
  tx.apply()
  await View.flush(view.changes, storage.db)
}

/** A core of Corestore 6 is in a directory. */
export async function core(): Promise<void> {
  throw new Error('Cores of Corestore 6 are not taken over in a browser')
}
