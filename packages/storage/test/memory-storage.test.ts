import fc from 'fast-check'
import { expect, it } from 'vitest'
import { memoryStorage } from '../src/index.js'

const offset = fc.oneof(fc.nat(200_000), fc.constantFrom(0, 65_535, 65_536, 65_537, 131_072))
const step = fc.oneof(
  fc.record({
    do: fc.constant('write' as const),
    offset,
    size: fc.constantFrom(0, 1, 4096, 65_536, 150_000),
  }),
  fc.record({ do: fc.constant('truncate' as const), offset }),
)

it('memory keeps writes, truncations and zeros like a file', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const storage = memoryStorage()('store.kv')
      let model = Buffer.alloc(0)
      for (const [index, next] of steps.entries()) {
        if (next.do === 'truncate') {
          storage.truncate?.(next.offset, (error) => expect(error).toBe(null))
          model = Buffer.from(model.subarray(0, next.offset))
          continue
        }
        const data = Buffer.alloc(next.size, index + 1)
        storage.write(next.offset, data, (error) => expect(error).toBe(null))
        const longer = Buffer.alloc(
          next.size === 0 ? model.length : Math.max(model.length, next.offset + next.size),
        )
        model.copy(longer)
        data.copy(longer, next.offset)
        model = longer
      }
      storage.stat?.((_, stat) => expect(stat?.size).toBe(model.length))
      storage.read(0, model.length, (_, data) => expect(model.equals(data ?? Buffer.alloc(1))).toBe(true))
      storage.read(0, model.length + 1, (error) => expect(error).toBeInstanceOf(Error))
    }),
  )
})
