// A key, as the commands of the network take it.

import b4a from 'b4a'
import id from 'hypercore-id-encoding'
import { usage } from './errors.js'
import { given } from './text.js'

/** The fewest characters of a key or a namespace that may stand for it. */
export const LEAST_PREFIX = 6

/** 32 bytes, of hex or z32. */
export function readKey(what: string, key: string): Uint8Array {
  try {
    return id.decode(key)
  } catch {
    throw usage(`${what} must be 64 characters of hex or 52 of z32, not ${given(key)}`)
  }
}

/** In hex. */
export function hex(key: Uint8Array): string {
  return b4a.toString(key, 'hex')
}

/** The option `--namespace`: a namespace or how it begins, in small letters as stores are listed with. */
export function readNamespace(text: string): string {
  const isLong = text.length >= LEAST_PREFIX && text.length <= 64
  if (isLong && /^[0-9a-f]+$/i.test(text)) return text.toLowerCase()
  throw usage(
    `--namespace must be the digits of a namespace in hex, or at least its first ${LEAST_PREFIX}, as ls shows them, not ${given(text)}`,
  )
}
