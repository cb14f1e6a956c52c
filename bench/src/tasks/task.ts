// What a task is: work that every contestant does in the same way, and the rows of the table that it measures.

import type { Contestant, Place, Store } from '../contestants/contestant.js'
import type { Sizes } from '../sizes.js'

/** A line of the table: what is measured, in what. Less is always better. */
export interface Row {
  readonly id: string
  /** What is done, as the table shows it. */
  readonly title: string
  /** Of what it is the time, or the bytes. */
  readonly per: string
  readonly unit: 'time' | 'bytes'
}

export interface Task {
  readonly id: string
  readonly rows: readonly Row[]
  /** Which numbers of cores it is measured with; `null` if it has but one. */
  readonly scales: 'cores' | 'listed' | null
  /** Which kinds of contestants do it. Default: all. */
  readonly kinds?: readonly Contestant['kind'][]
  /** Whether it runs once with few cores and blocks before it is measured, so that code is loaded and compiled. */
  readonly rehearsed: boolean
  /** Options of Node.js for the process that measures it. */
  readonly nodeOptions?: readonly string[]
  /** Fails if the contestant does not do what it should. */
  run(run: TaskRun): Promise<void>
}

/** What a task is given. */
export interface TaskRun {
  readonly contestant: Contestant
  readonly sizes: Sizes
  /** How many cores there are. */
  readonly cores: number
  /** A new place for a store. */
  place(): Promise<NewPlace>
  /** Measures the time of `work`, and divides it by `count`. Everything else that a task does is not measured. */
  measure<T>(row: string, count: number, work: () => Promise<T>): Promise<T>
  /** Notes a number of bytes, or of microseconds that are not those of work of this process. */
  note(row: string, value: number): void
}

/** A place that nothing is stored in yet. */
export interface NewPlace extends Place {
  /** It may not be there, for a contestant that keeps its store in memory. */
  readonly directory: string
}

/** Opens a store, hands it to `use`, and closes it whatever happened. */
export async function withStore<T>(place: Place, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await place.open()
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}
