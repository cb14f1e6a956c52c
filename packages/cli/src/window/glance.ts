// What a window would show, once: for programs.

import type { CorePicture, Picture } from '@coreyard/inspector'
import type { Source } from '@coreyard/window'
import { toJson } from '../commands/ls.js'

export interface Glance {
  readonly state: 'live' | 'disk' | 'waiting'
  readonly store: Picture['store'] | null
  /** The most active ones first. */
  readonly cores: readonly object[]
  readonly peers: Picture['peers']
}

/** All cores, and the rates between the first two pictures of a live store. */
export async function glance(source: Source, interrupted: AbortSignal): Promise<Glance> {
  const end = new AbortController()
  const cores = new Map<string, CorePicture>()
  let state: Glance['state'] = 'waiting'
  let picture: Picture | null = null
  let pictures = 0
  let isListed = false
  for await (const sight of source.sights(AbortSignal.any([interrupted, end.signal]))) {
    if (sight.type === 'begins') state = sight.state
    else if (sight.type === 'waits') throw new Error(sight.note)
    else if (sight.type === 'list-ends') isListed = true
    else if (sight.type === 'listed') {
      for (const core of sight.cores) if (!cores.has(core.discoveryKey)) cores.set(core.discoveryKey, core)
    } else {
      pictures++
      picture = sight.observation.picture
      for (const core of sight.observation.changed) cores.set(core.discoveryKey, core)
    }
    if (isListed && (state === 'disk' || pictures >= 2)) break
  }
  end.abort()
  const sorted = [...cores.values()].sort((one, other) => activityOf(other) - activityOf(one))
  return {
    state,
    store: picture?.store ?? null,
    cores: sorted.map((core) => ({
      ...toJson(core),
      progress: core.progress,
      rates: core.rates,
      peers: core.peers,
    })),
    peers: picture?.peers ?? [],
  }
}

function activityOf({ rates, lastWritten }: CorePicture): number {
  return rates.up + rates.down + (lastWritten ?? 0) / 1e15
}
