// Replaces `hypercore-storage/migrations/0` in the browser build. The original also migrates directories of Corestore 6. This one only
// creates the records of an empty store.

import { CorestoreTX } from 'hypercore-storage/lib/tx.js'
import View from 'hypercore-storage/lib/view.js'

interface Storage {
  readonly db: object
  _getHead(view: View): Promise<{ version: number }>
}

/** Creates the records of a store without cores. */
export async function store(storage: Storage, { version }: { readonly version: number }): Promise<void> {
  const view = new View()
  const tx = new CorestoreTX(view)
  tx.setHead({ ...(await storage._getHead(view)), version })
  tx.apply()
  await View.flush(view.changes, storage.db)
}

/** Always throws: cores of Corestore 6 are stored in a directory, which a browser does not have. */
export async function core(): Promise<void> {
  throw new Error('Cores of Corestore 6 are not taken over in a browser')
}
