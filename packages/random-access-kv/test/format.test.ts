// FORMAT.md is enough to read a store: this reader was written from it, and shares no code with the store.

import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { RandomAccessKV } from '../src/index.js'
import { assertSame, contents, Model, type Pair } from './support/model.js'
import { Memory, random } from './support/storages.js'

function guardOf(value: Buffer, key: number): number {
  const times = (x: number, y: number) => Number((BigInt(x) * BigInt(y)) & 0xffff_ffffn)
  const rot = (n: number) => ((n << 15) | (n >>> 17)) >>> 0
  const mix = (n: number) => {
    const m = times((n ^ (n >>> 16)) >>> 0, 0x85eb_ca6b)
    const o = times((m ^ (m >>> 13)) >>> 0, 0xc2b2_ae35)
    return (o ^ (o >>> 16)) >>> 0
  }
  const m = (mix(key) | 1) >>> 0
  const k = (mix((key ^ 0x9e37_79b1) >>> 0) | 1) >>> 0
  let a = key
  let b = ~key >>> 0
  let at = 0
  for (; at + 8 <= value.length; at += 8) {
    a = rot(times((a ^ value.readUInt32LE(at)) >>> 0, m))
    b = rot(times((b ^ value.readUInt32LE(at + 4)) >>> 0, k))
  }
  for (; at < value.length; at++) a = rot(times((a ^ value.readUInt8(at)) >>> 0, m))
  return mix((mix(a) ^ b ^ value.length) >>> 0)
}

/** Reads everything in a store, as FORMAT.md says. */
function readStore(file: Buffer): Pair[] {
  const slots = [0, 4096].map((at) => file.subarray(at, at + 512))
  const meta = slots
    .filter((slot) => slot.subarray(0, 8).toString() === 'RandomKV' && slot.readUInt32LE(8) === 3)
    .filter((slot) => crc32(slot.subarray(0, 508)) === slot.readUInt32LE(508))
    .reduce((a, b) => (b.readUInt32LE(16) > a.readUInt32LE(16) ? b : a))
  const pageSize = meta.readUInt32LE(12)
  const entries = new Model()
  const root = meta.readUInt32LE(20)
  if (root !== 0) readNode(root)
  readLog()
  return entries.list()

  function readNode(page: number): void {
    const start = page * pageSize
    const node = file.subarray(start, start + file.readUInt16LE(start + 14) * pageSize)
    expect(crc32(node.subarray(4))).toBe(node.readUInt32LE(0))
    expect(node.readUInt32LE(4)).toBe(page)
    for (let i = 0; i < node.readUInt16LE(16); i++) {
      const cell = node.readUInt16LE(28 + 2 * i)
      const keyLength = node.readUInt16LE(cell)
      if (node[12] !== 0) {
        readNode(node.readUInt32LE(cell + 2))
        continue
      }
      const valueLength = node.readUInt16LE(cell + 2)
      const key = node.subarray(cell + 4, cell + 4 + keyLength)
      const at = cell + 4 + keyLength
      const value = valueLength === 65_535 ? readLarge(node, at) : node.subarray(at, at + valueLength)
      entries.apply([{ type: 'put', key, value }])
    }
  }

  function readLarge(bytes: Buffer, at: number): Buffer {
    const start = bytes.readUInt32LE(at) * pageSize
    const value = file.subarray(start, start + bytes.readUInt32LE(at + 4))
    expect(crc32(value)).toBe(bytes.readUInt32LE(at + 8))
    return value
  }

  function readLog(): void {
    let start = meta.readUInt32LE(44) * pageSize
    let previous = meta.readUInt32LE(52)
    let sequence = meta.readUIntLE(56, 6)
    let salt = meta.subarray(64, 72)
    let at = 0
    for (;;) {
      if ((at % 512) + 36 > 512) at += 512 - (at % 512)
      const header = file.subarray(start + at, start + at + 36)
      const isNext =
        header.length === 36 &&
        crc32(header.subarray(0, 32), salt.readUInt32LE(0)) === header.readUInt32LE(32) &&
        header.readUInt32LE(4) === previous &&
        header.readUIntLE(8, 6) === sequence + 1
      if (!isNext) return
      previous = header.readUInt32LE(32)
      sequence++
      at += 36
      const stamp = crc32(header.subarray(32), salt.readUInt32LE(4))
      const length = header.readUInt32LE(0)
      const body = Buffer.alloc(length + 4)
      for (let done = 0; done < body.length; done++) {
        if (at % 512 === 0) {
          expect(file.readUInt32LE(start + at)).toBe(stamp)
          at += 4
        }
        body[done] = file[start + at++] ?? 0
      }
      expect(body.readUInt32LE(length)).toBe(stamp)
      const payload = body.subarray(0, length)
      expect(crc32(payload)).toBe(header.readUInt32LE(28))
      at = Math.ceil(at / 4) * 4
      if (header.readUInt32LE(20) === 2) {
        start = payload.readUInt32LE(0) * pageSize
        salt = payload.subarray(12, 20)
        at = 0
      } else readBatch(payload)
    }
  }

  function readBatch(payload: Buffer): void {
    let at = 0
    const take = (size: number) => {
      at += size
      return payload.subarray(at - size, at)
    }
    while (at < payload.length) {
      const type = take(1)[0]
      const key = take(take(2).readUInt16LE(0))
      if (type === 1) entries.apply([{ type: 'put', key, value: take(take(4).readUInt32LE(0)) }])
      else if (type === 6) {
        const value = readLarge(take(12), 0)
        const guardKey = take(4).readUInt32LE(0)
        expect(guardOf(value, guardKey)).toBe(take(4).readUInt32LE(0))
        entries.apply([{ type: 'put', key, value }])
      } else if (type === 3) entries.apply([{ type: 'del', key }])
      else if (type === 4) entries.apply([{ type: 'clear', gte: key, lt: take(take(2).readUInt16LE(0)) }])
      else if (type === 5) entries.apply([{ type: 'clear', gte: key }])
      else throw new Error(`Unknown operation ${type}`)
    }
  }
}

for (const pageSize of [512, 4096, 65_536]) {
  test(`a reader written from FORMAT.md reads a store with pages of ${pageSize} bytes`, async () => {
    const storage = new Memory()
    const kv = new RandomAccessKV(storage, { pageSize, logSize: 300_000 })
    const draw = random(pageSize)
    for (let i = 0; i < 3000; i++) {
      const key = Buffer.from(`key ${Math.floor(draw() * 900)}`.repeat(draw() < 0.02 ? 100 : 1))
      if (draw() < 0.1) await kv.del(key)
      else if (draw() < 0.02) await kv.batch([{ type: 'clear', gt: key, lte: Buffer.concat([key, key]) }])
      else if (draw() < 0.01) await kv.batch([{ type: 'clear', gte: Buffer.from('key 9') }])
      else await kv.put(key, Buffer.alloc(Math.floor(draw() * (draw() < 0.05 ? 12_000 : 200)), i))
    }
    const pairs = await contents(kv)
    expect((await kv.stats()).logBytes).toBeGreaterThan(0)
    assertSame(readStore(Buffer.from(storage.bytes.copy())), pairs, 'with a log')
    await kv.close()
    assertSame(readStore(Buffer.from(storage.bytes.copy())), pairs, 'closed')
  })
}
