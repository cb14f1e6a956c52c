// A core of a store, opened for as long as something needs it. No peer is asked: what is not here is not waited for.

import type { Corestore } from '@coreyard/corestore'
import type { Hypercore } from '@coreyard/hypercore-types'
import type { CorePicture } from '@coreyard/inspector'

export async function withCore<T>(
  store: Corestore,
  { discoveryKey }: CorePicture,
  use: (session: Hypercore) => Promise<T>,
): Promise<T> {
  const session = store.get({ discoveryKey, active: false })
  try {
    await session.ready()
    return await use(session)
  } finally {
    await session.close()
  }
}
