// Sums over many pictures, updated as single pictures change: adding all of them up takes longer than all other work of a look.

import type { CorePicture, GroupPicture, Progress } from './picture.js'
import { NO_PROGRESS } from './progress.js'

export class Tally {
  #total = 0
  #have = 0
  #want = 0
  #wanted = 0

  get progress(): Progress {
    return { total: this.#total, have: this.#have, want: this.#want, wanted: this.#wanted }
  }

  change(before: Progress | undefined, now: Progress | undefined): void {
    const from = before ?? NO_PROGRESS
    const to = now ?? NO_PROGRESS
    this.#total += to.total - from.total
    this.#have += to.have - from.have
    this.#want += to.want - from.want
    this.#wanted += to.wanted - from.wanted
  }
}

/** The groups of the open cores. */
export class GroupTallies {
  readonly #byTopic = new Map<string, { cores: number; readonly tally: Tally }>()

  change(before: CorePicture | null, now: CorePicture | null): void {
    if (before !== null && before.group !== null) this.#add(before.group, -1, before.progress, undefined)
    if (now !== null && now.group !== null) this.#add(now.group, 1, undefined, now.progress)
  }

  pictures(): GroupPicture[] {
    return [...this.#byTopic]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([topic, { cores, tally }]) => ({ topic, cores, progress: tally.progress }))
  }

  #add(topic: string, count: number, before: Progress | undefined, now: Progress | undefined): void {
    const group = this.#byTopic.get(topic) ?? { cores: 0, tally: new Tally() }
    group.cores += count
    group.tally.change(before, now)
    if (group.cores === 0) this.#byTopic.delete(topic)
    else this.#byTopic.set(topic, group)
  }
}
