// When a core begins to be wanted here. Hypercore emits no event for that: it calls `Replicator.ondownloading` (11.39, lib/replicator.js).

import type { CoreReplicator } from '@coreyard/hypercore-types'

/** Has a listener called when the core begins to download; `null` for none. A core has one at a time. */
export function onDownloading(
  core: { readonly replicator: Pick<CoreReplicator, 'ondownloading'> },
  listener: (() => void) | null,
): void {
  core.replicator.ondownloading = listener
}
