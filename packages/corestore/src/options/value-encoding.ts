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
  // `false` is what `isJson && 'json'` gives, and means none.
  if (encoding === false || isCodec(encoding) || NAMES.some((name) => name === encoding)) return
  const meant = NAMES.find((name) => isMisspelling(encoding, name))
  throw badArgument(
    `valueEncoding must be ${NAMES.map((name) => `'${name}'`).join(', ')} or a codec, not ${describe(encoding, 'word')}` +
      (meant === undefined ? '' : `: did you mean '${meant}'?`),
  )
}

/** A codec may be a class. */
function isCodec(encoding: unknown): boolean {
  const { encode, decode }: { encode?: unknown; decode?: unknown } = Object(encoding)
  return typeof encode === 'function' && typeof decode === 'function'
}

function isMisspelling(encoding: unknown, name: string): boolean {
  return (
    typeof encoding === 'string' && CoreyardError.misspelled({ [encoding]: null }, new Set([name])) !== null
  )
}
