// Nothing is removed that was not confirmed: by `--yes`, or on a terminal by an answer.

import { CommandError, ExitCode } from './errors.js'
import type { Output } from './output.js'

export interface Confirmation {
  readonly yes: boolean
  /** Whether `--yes` alone is not enough. */
  readonly dangerous: boolean
  readonly danger: string
  readonly question: string
}

/** Throws unless it is confirmed. */
export async function confirm(
  output: Output,
  { yes, dangerous, danger, question }: Confirmation,
): Promise<void> {
  if (yes && !dangerous) return
  if (output.io.isTerminal && !output.json) {
    const answer = await output.io.ask(`${question} Type yes: `)
    if (answer.trim() === 'yes') return
    throw unconfirmed('Not confirmed: nothing was changed')
  }
  throw unconfirmed(yes ? `${danger}. Nothing was changed` : 'Nothing was changed: run it again with --yes')
}

function unconfirmed(message: string): CommandError {
  return new CommandError(ExitCode.unconfirmed, 'NOT_CONFIRMED', message)
}
