// What decodes text for streams in a browser, beside the package that does so elsewhere.

import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { replacements } from '@coreyard/browser/replacements'
import { expect, test } from 'vitest'

interface Decoder {
  push(part: Uint8Array): string
  end(): string
}
type DecoderClass = new (encoding: string) => Decoder

const require = createRequire(import.meta.url)
const Reference: DecoderClass = require('text-decoder')
const Decoder: DecoderClass = require(replacements['text-decoder'] ?? expect.fail('It is replaced'))
const ENCODINGS = ['utf8', 'UTF-8', 'latin1', 'binary', 'ascii', 'hex']

test.each(ENCODINGS)('decodes %s in parts as the package text-decoder does', (encoding) => {
  const bytes = Buffer.concat([Buffer.from('\uFEFFgrüße 🌍 €'), randomBytes(200)])
  for (const size of [1, 2, 3, 7, 300]) {
    const [one, other] = [new Decoder(encoding), new Reference(encoding)]
    const parts = (decoder: Decoder) => {
      let text = ''
      for (let at = 0; at < bytes.length; at += size) text += decoder.push(bytes.subarray(at, at + size))
      return text + decoder.end()
    }
    expect(parts(one)).toBe(parts(other))
  }
})

test.each(['utf16le', 'base64', 'klingon'])('refuses %s, of which a part means nothing', (encoding) => {
  expect(() => new Decoder(encoding)).toThrow('Unsupported encoding')
})
