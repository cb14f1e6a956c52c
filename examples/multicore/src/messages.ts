// What the demo and the two programs that it starts tell each other over Node.js's IPC channel. Started by hand, the
// programs have no such channel and tell it to nobody.

/** A core as one side has it. */
export interface CoreReport {
  /** Hex. */
  readonly key: string
  /** In blocks. */
  readonly length: number
  /** How many blocks of them are here without a gap. */
  readonly contiguousLength: number
  readonly byteLength: number
  /** Hex: the root hash of the Merkle tree over all blocks. */
  readonly treeHash: string
}

/** From the writer: it is on the swarm. `lines` is how many lines it holds. */
export interface WriterReady {
  readonly type: 'ready'
  readonly key: string
  readonly lines: number
}

/** From the writer: its input has ended, and this is what it holds. */
export interface WriterDone {
  readonly type: 'done'
  readonly cores: readonly CoreReport[]
}

/** From the reader: what has arrived since it started. */
export interface ReaderProgress {
  readonly type: 'progress'
  readonly blocks: number
  readonly bytes: number
}

/** To the reader: report as soon as it has all blocks of these cores. */
export interface ReaderGoal {
  readonly type: 'goal'
  readonly cores: readonly CoreReport[]
}

/** From the reader: it has reached its goal, and this is what it holds. */
export interface ReaderDone {
  readonly type: 'done'
  readonly cores: readonly CoreReport[]
}

export type WriterMessage = WriterReady | WriterDone
export type ReaderMessage = ReaderProgress | ReaderDone

/** Tells the program that started this one, if it listens. */
export function tell(message: WriterMessage | ReaderMessage): void {
  if (process.connected) process.send?.(message)
}
