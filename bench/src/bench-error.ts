// What goes wrong in the benchmarks, with a code.

export type BenchErrorCode =
  /** An option or a size on the command line is wrong. */
  | 'BAD_OPTION'
  /** A contestant did not do what the task asks for, so that its time would mean nothing. */
  | 'WRONG_RESULT'
  /** A process that measures failed, or took too long. */
  | 'MEASUREMENT_FAILED'
  /** A file of results, or a document, is not what it should be. */
  | 'BAD_FILE'

export class BenchError extends Error {
  override readonly name = 'BenchError'
  readonly code: BenchErrorCode

  constructor(code: BenchErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** Throws unless a contestant did what it was to do. */
export function expectResult(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected) throw new BenchError('WRONG_RESULT', `${what}: ${actual}, and not ${expected}`)
}
