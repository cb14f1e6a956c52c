// The check of `valueEncoding`: Hypercore takes a name that it does not know for bytes.

import { CoreyardError } from '@coreyard/storage'
import { badArgument, describe } from '../errors/errors.js'

/** The names that Hypercore knows (compact-encoding, `fromNamed`). */
const NAMES: readonly string[] = [
  'binary',
  'utf-8',
  'utf8',
  'json',
  'ndjson',
  'hex',
  'base64',
  'ascii',
  'ucs-2',
  'ucs2',
  'utf16-le',
  'utf16le',
]

/** Throws BAD_ARGUMENT for an encoding that Hypercore does not know. */
export function checkEncoding(encoding: unknown): void {
  // `false` is what `isJson && 'json'` gives, and means none. A codec may be a class.
  if (encoding === false || (typeof encoding === 'object' && encoding !== null)) return
  if (typeof encoding === 'function' || NAMES.some((name) => name === encoding)) return
  const meant = NAMES.find((name) => isMisspelling(encoding, name))
  throw badArgument(
    `valueEncoding must be ${NAMES.map((name) => `'${name}'`).join(', ')} or a codec, not ${describe(encoding, 'word')}` +
      (meant === undefined ? '' : `: did you mean '${meant}'?`),
  )
}

function isMisspelling(encoding: unknown, name: string): boolean {
  return (
    typeof encoding === 'string' && CoreyardError.misspelled({ [encoding]: null }, new Set([name])) !== null
  )
}
