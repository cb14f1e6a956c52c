// The result of a check of `explain`: a code, a sentence, its evidence, and what to do.

/** What a check found. The README lists the codes by step. */
export type FindingCode =
  | 'NOT_SUSPENDED'
  | 'SUSPENDED'
  | 'DISK_HAS_SPACE'
  | 'DISK_FULL'
  | 'STORED'
  | 'NOT_STORED'
  | 'IS_DISCOVERY_KEY'
  | 'OPEN'
  | 'NOT_OPEN'
  | 'NO_CONFLICT'
  | 'CONFLICT'
  | 'ACTIVE'
  | 'NOT_ACTIVE'
  | 'ENCRYPTION'
  | 'CONNECTED'
  | 'NO_CONNECTION'
  | 'HANDSHAKE_DONE'
  | 'NO_HANDSHAKE'
  | 'NOT_REFUSED'
  | 'REFUSED_BY_AUTHORIZE'
  | 'AUTHORIZE_UNDECIDED'
  | 'WAITS_FOR_CAPACITY'
  | 'PEER_AT_LIMIT'
  | 'ANSWER_LATE'
  | 'ANSWER_FAILED'
  | 'REFUSED_BY_POLICY'
  | 'CHANNEL_OPEN'
  | 'NOT_ATTACHED'
  | 'PEER_NOT_ANSWERED'
  | 'PEER_HAS_NO_CHANNEL'
  | 'SAME_FORK'
  | 'PEER_ON_OLDER_FORK'
  | 'BEHIND_FORK'
  | 'COMPLETE'
  | 'NOTHING_ASKED'
  | 'NO_PEER_HAS_IT'
  | 'PEER_DOES_NOT_SERVE'
  | 'STALLED'
  | 'RECEIVING'

/** The result of one check. */
export interface Finding {
  readonly code: FindingCode
  /**
   * - `ok`: the check passed;
   * - `note`: unusual, but possibly intended;
   * - `problem`: the reason why the core does not replicate. No later check was made.
   */
  readonly status: 'ok' | 'note' | 'problem'
  /** What the check found, for people to read. */
  readonly sentence: string
  /** The values that the sentence is based on. */
  readonly evidence: { readonly [name: string]: string | number | boolean | null }
  /** What to do about it; `null` if nothing needs to be done. */
  readonly remedy: string | null
}

export function ok(code: FindingCode, sentence: string, evidence: Finding['evidence'] = {}): Finding {
  return { code, status: 'ok', sentence, evidence, remedy: null }
}

export function note(
  code: FindingCode,
  sentence: string,
  remedy: string,
  evidence: Finding['evidence'] = {},
): Finding {
  return { code, status: 'note', sentence, evidence, remedy }
}

export function problem(
  code: FindingCode,
  sentence: string,
  remedy: string,
  evidence: Finding['evidence'] = {},
): Finding {
  return { code, status: 'problem', sentence, evidence, remedy }
}
