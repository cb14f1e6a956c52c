// `--max-bytes`: sizes as people write them.

import { expect, test } from 'vitest'
import { readByteSize } from '../src/mirror/byte-size.js'

test.each([
  ['1', 1],
  ['1000', 1000],
  ['10GB', 10_000_000_000],
  ['10gb', 10_000_000_000],
  ['10 GB', 10_000_000_000],
  ['10G', 10_000_000_000],
  ['1.5MB', 1_500_000],
  ['1KiB', 1024],
  ['1.5TiB', 1.5 * 2 ** 40],
  ['7B', 7],
])('%s is %d bytes', (text, bytes) => {
  expect(readByteSize(text)).toBe(bytes)
})

test.each([
  '',
  '0',
  '0.1',
  '-1',
  '1e9',
  'GB',
  '1XB',
  '1iB',
  '1 000',
  '0x10',
  '9999PB',
  'Infinity',
  ' 80',
  '80 ',
])('%j is no size', (text) => {
  expect(() => readByteSize(text)).toThrow('--max-bytes must be a size')
})
