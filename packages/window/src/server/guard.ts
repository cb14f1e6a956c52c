// Who may see the window: who has the token, from this machine. A page of another site that makes its name lead to 127.0.0.1 has neither
// the token nor the right Host header.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** In bytes: 256 bits. */
const TOKEN_LENGTH = 32

export function newToken(): string {
  return randomBytes(TOKEN_LENGTH).toString('base64url')
}

/** Takes as long whatever is given: the hashes have one length. */
export function isToken(given: string, token: string): boolean {
  return timingSafeEqual(hash(given), hash(token))
}

/** Whether a request was made to this machine by one of its own names. */
export function isOwnHost(host: string | undefined, port: number): boolean {
  // Without the port, if it is that of HTTP.
  return ['127.0.0.1', 'localhost'].some((name) => host === new URL(`http://${name}:${port}`).host)
}

/** The headers of every answer: nothing of the page is kept, framed, read by other sites, or runs code that is not its own. */
export const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
