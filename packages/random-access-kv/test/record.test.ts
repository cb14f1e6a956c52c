// Reading one record of the log: what is torn is the end of the log, and what one bit has changed is damage.

import { describe, expect, test } from 'vitest'
import { encodeChange, encodedLengthOf, referencesIn } from '../src/commit/changes.js'
import { BATCH_RECORD, bodyLength, readRecord, writeRecord } from '../src/log/record.js'
import { drawSalt } from '../src/log/salt.js'

const SECTOR = 512
const salt = drawSalt()
const due = { previous: 7, sequence: 9 }

/** An extent with one record whose payload has three sectors. */
function extentWith(payload: Uint8Array): Uint8Array {
  const extent = new Uint8Array(8 * SECTOR)
  const body = new Uint8Array(bodyLength(payload.length, salt))
  body.set(payload)
  const header = { ...due, length: payload.length, type: BATCH_RECORD, nonce: 1, unsynced: 0 }
  writeRecord(extent, 0, 0, header, body, salt)
  return extent
}

const kind = (extent: Uint8Array) => readRecord(extent, 0, due, salt).kind

function change(bytes: Uint8Array, offset: number, bits: number): void {
  bytes[offset] = (bytes[offset] as number) ^ bits
}

describe('a record', () => {
  const payload = Uint8Array.from({ length: 1300 }, (_, i) => i)
  const whole = extentWith(payload)
  /** A place in the payload, and one in the stamp at the start of its second sector. */
  const [inPayload, inStamp] = [100, SECTOR + 1]

  test('is read as it was written', () => {
    expect(readRecord(whole, 0, due, salt)).toMatchObject({ kind: 'record', payload })
  })

  test.each<[string, number[], string]>([
    ['a bit of the header', [12], 'damaged'],
    ['a bit of the payload', [inPayload], 'damaged'],
    ['a bit of a stamp', [inStamp], 'damaged'],
    ['a bit of the header and one of the payload', [12, inPayload], 'end'],
    ['a bit of the header and one of a stamp', [12, inStamp], 'end'],
    ['a bit of the payload and one of a stamp', [inPayload, inStamp], 'end'],
    ['bits of two stamps', [inStamp, inStamp + SECTOR], 'end'],
  ])('of which %s changed', (_, places, found) => {
    const extent = whole.slice()
    for (const place of places) change(extent, place, 4)
    expect(kind(extent)).toBe(found)
  })

  test('of another number, or after another one, is not this one', () => {
    expect(readRecord(whole, 0, { ...due, sequence: 10 }, salt).kind).toBe('end')
    expect(readRecord(whole, 0, { ...due, previous: 8 }, salt).kind).toBe('end')
  })
})

test.each([
  ['put', (key: Uint8Array) => ({ kind: 'put', key, value: new Uint8Array(3) }) as const, 4096],
  ['del', (key: Uint8Array) => ({ kind: 'del', key }) as const, 4096],
  ['clear from', (key: Uint8Array) => ({ kind: 'clear', start: key, end: null }) as const, 4097],
  ['clear to', (key: Uint8Array) => ({ kind: 'clear', start: new Uint8Array(0), end: key }) as const, 4097],
])('a change whose key is longer than keys are is none: %s', (_, make, longest) => {
  for (const [length, isRight] of [
    [longest, true],
    [longest + 1, false],
    [65_535, false],
  ] as const) {
    const change = make(new Uint8Array(length))
    const bytes = new Uint8Array(encodedLengthOf(change))
    encodeChange(change, bytes, 0)
    expect(referencesIn(bytes) !== null).toBe(isRight)
  }
})
