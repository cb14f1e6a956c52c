// Who may see the window: anyone on this machine who has the token. A page of another site whose name resolves to 127.0.0.1 has neither
// the token nor the right Host header.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** In bytes: 256 bits. */
const TOKEN_LENGTH = 32

export function newToken(): string {
  return randomBytes(TOKEN_LENGTH).toString('base64url')
}

/** Takes the same time for every input: all hashes have the same length. */
export function isToken(given: string, token: string): boolean {
  return timingSafeEqual(hash(given), hash(token))
}

/** Whether a request names this machine in its Host header. */
export function isOwnHost(host: string | undefined, port: number): boolean {
  // A Host header omits port 80.
  return ['127.0.0.1', 'localhost'].some((name) => host === new URL(`http://${name}:${port}`).host)
}

/** The headers of every answer: the page is not cached, framed or read by other sites, and runs only its own code. */
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
