// A callback for a core that begins to download. Hypercore emits no event for that: it calls `Replicator.ondownloading` (11.39,
// lib/replicator.js).

import type { CoreReplicator } from '@coreyard/hypercore-types'

/** Sets the listener that is called when the core begins to download; `null` for none. A core has only one listener. */
export function onDownloading(
  core: { readonly replicator: Pick<CoreReplicator, 'ondownloading'> },
  listener: (() => void) | null,
): void {
  core.replicator.ondownloading = listener
}
