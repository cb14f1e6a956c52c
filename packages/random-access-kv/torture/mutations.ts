// Faults that are put into the store, to show that the torture run notices them. Each replaces a piece of one source file, which must be
// there exactly once. When the code has moved on, so must the piece.

export interface Mutation {
  readonly fault: string
  /** The end of the file's path. */
  readonly file: string
  readonly pattern: string
  readonly replacement: string
  /** A seed that notices it; those after it are tried, too. */
  readonly seed: number
  /** Whether it is noticed so soon that every test run can show it. */
  readonly isQuick: boolean
}

/** A store that never closes: it does not leave the turn of the event loop. */
export const HANG: Mutation = {
  fault: 'a store does not close',
  file: 'src/storage/disk.ts',
  pattern: 'while (this.#calls.size > 0) await Promise.allSettled(this.#calls)',
  replacement: 'for (;;) await Promise.allSettled(this.#calls)',
  seed: 1,
  isQuick: true,
}

export const MUTATIONS: readonly Mutation[] = [
  {
    fault: 'a batch is acknowledged before the log is synced',
    file: 'src/checkpoint/backlog.ts',
    pattern: `    const erasures = this.#erasures
    await this.#disk.sync()`,
    replacement: '    const erasures = this.#erasures',
    seed: 1,
    isQuick: true,
  },
  {
    fault: 'a meta page is written before its tree is synced',
    file: 'src/checkpoint/checkpoint.ts',
    pattern: `    await nextTurn()
  }
  await syncAll(engine, frozen)`,
    replacement: `    await nextTurn()
  }`,
    seed: 1,
    isQuick: true,
  },
  {
    fault: 'what a failed sync forgot is not written again',
    file: 'src/checkpoint/unsynced.ts',
    pattern: 'for (const { offset, data } of [...this.#kept.values()]) await disk.write(offset, data)',
    replacement: '',
    seed: 2,
    isQuick: true,
  },
  {
    fault: 'a record with another salt is taken for one of this log',
    file: 'src/log/record.ts',
    pattern: 'return crc32Portable(b, dialect?.header ?? 0, offset, offset + CHECKSUM)',
    replacement: 'return crc32Portable(b, 0, offset, offset + CHECKSUM)',
    seed: 1,
    isQuick: true,
  },
  {
    fault: 'a refused record is not erased',
    file: 'src/log/refused.ts',
    pattern: 'await this.#disk.write(position, erased)',
    replacement: '',
    seed: 15,
    isQuick: true,
  },
  {
    fault: 'a refused batch is applied',
    file: 'src/commit/transaction.ts',
    pattern:
      'return written instanceof Promise ? written.then(() => this.#apply(before)) : this.#apply(before)',
    replacement: `const apply = () => this.#apply(before)
    return written instanceof Promise ? written.finally(apply) : apply()`,
    seed: 1,
    isQuick: true,
  },
  {
    fault: 'the pages of a refused batch are not given back',
    file: 'src/commit/transaction.ts',
    pattern: 'return this.#engine.log.retract(before, values)',
    replacement: 'return this.#engine.log.retract(before, values.slice(1))',
    seed: 1,
    isQuick: true,
  },
]
