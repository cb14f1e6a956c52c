// The options of the commands that deal with mirrors.

import { type Command, Option } from 'commander'
import { usage } from '../errors.js'
import { hex, readKey } from '../key.js'
import type { Address } from '../network-options.js'
import { wholeNumber } from '../number.js'
import { given } from '../text.js'

/** The options that `place` and `coverage` share. */
export interface CopiesOptions {
  readonly mirrors?: readonly string[]
  readonly copies: number
  readonly namespace?: string
  readonly bootstrap: readonly Address[]
  readonly timeout: number
  readonly json?: boolean
}

/** `--mirrors`, which may be given more than once. */
export function withMirrors(command: Command, description: string): Command {
  return command.addOption(new Option('--mirrors <key...>', description))
}

/** The keys of mirrors, each once. */
export function readMirrors(texts: readonly string[] | undefined): Uint8Array[] {
  const keys = (texts ?? []).map((text) => readKey('--mirrors', text))
  return [...new Map(keys.map((key) => [hex(key), key])).values()]
}

/** `--copies`. */
export function readCopies(text: string): number {
  const copies = wholeNumber(text)
  if (copies > 0 && Number.isSafeInteger(copies)) return copies
  throw usage(`--copies must be a number above 0, not ${given(text)}`)
}
