// The stores that the benchmarks compare, each behind the same few methods.

import { MemoryLevel } from 'memory-level'
import RocksDB from 'rocksdb-native'
import { RandomAccessKV } from '../dist/index.js'
import { RandomAccessLevel } from '../dist/level.js'

const encodings = { keyEncoding: 'view', valueEncoding: 'view' }

/** A `RandomAccessKV`. */
export function ours(storage, options) {
  const kv = new RandomAccessKV(storage, options)
  return {
    ready: () => kv.ready(),
    batch: (puts) => kv.batch(puts.map(({ key, value }) => ({ type: 'put', key, value }))),
    get: (key) => kv.get(key),
    async scan(range) {
      let count = 0
      for await (const entry of kv.iterator(range)) if (entry.value.length > 0) count++
      return count
    },
    close: () => kv.close(),
  }
}

/** A RocksDB in a directory, with the options that `rocksdb-native` has by default. */
export function rocks(directory) {
  const db = new RocksDB(directory)
  return {
    ready: () => db.ready(),
    async batch(puts) {
      const write = db.write({ autoDestroy: true })
      for (const { key, value } of puts) write.tryPut(key, value)
      await write.flush()
    },
    get(key) {
      const read = db.read({ autoDestroy: true })
      const value = read.get(key)
      read.tryFlush()
      return value
    },
    async scan(range) {
      let count = 0
      for await (const entry of db.iterator(range)) if (entry.value.length > 0) count++
      return count
    },
    close: () => db.close(),
  }
}

function level(db) {
  return {
    ready: () => db.open(),
    batch: (puts) => db.batch(puts.map(({ key, value }) => ({ type: 'put', key, value }))),
    get: (key) => db.get(key),
    async scan(range) {
      let count = 0
      for await (const [, value] of db.iterator(range)) if (value.length > 0) count++
      return count
    },
    close: () => db.close(),
  }
}

export const ourLevel = (storage) => level(new RandomAccessLevel(storage, encodings))
export const memoryLevel = () => level(new MemoryLevel({ ...encodings, storeEncoding: 'view' }))
