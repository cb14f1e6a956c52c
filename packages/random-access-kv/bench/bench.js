// Compares the store with rocksdb-native (files) and memory-level (memory) at what Hypercore does: small batches, point
// reads, bulk loads, scans, large values. The stores take turns, so that a busy machine is as busy for each; the median counts.
//
// --by processor   measures the time of the processor, threads included, in place of the clock's: for a machine that is busy
// --rounds 9

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import RAM from 'random-access-memory'
import { FileStorage } from '../dist/file.js'
import { memoryLevel, ourLevel, ours, rocks } from './stores.js'

const { values: given } = parseArgs({
  options: { by: { type: 'string', default: 'clock' }, rounds: { type: 'string', default: '9' } },
})
const clocks = { clock: () => performance.now(), processor: processorTime }
const ROUNDS = Number(given.rounds)
if (!Object.hasOwn(clocks, given.by) || !(ROUNDS >= 1)) {
  console.error(
    `--by is 'clock' or 'processor', not '${given.by}'; --rounds is a number from 1, not '${given.rounds}'`,
  )
  process.exit(2)
}
const time = clocks[given.by]
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'random-access-kv-bench-'))

const groups = {
  files: {
    'random-access-kv': () => ours(new FileStorage(path.join(directory, 'store.kv'))),
    'rocksdb-native': () => rocks(path.join(directory, 'rocks')),
  },
  memory: {
    'random-access-kv': () => ours(new RAM()),
    RandomAccessLevel: () => ourLevel(new RAM()),
    'memory-level': () => memoryLevel(),
  },
}

/** Milliseconds that all threads of this process have had a processor. */
function processorTime() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Keys like those of hypercore-storage: a kind, a core, a field and an index, big-endian. */
function key(core, field, index) {
  const bytes = Buffer.alloc(12)
  bytes[0] = 1
  bytes.writeUInt32BE(core, 1)
  bytes[5] = field
  bytes.writeUInt32BE(index, 8)
  return bytes
}

const CORES = 50
const SCAN = 1000
const lengths = new Array(CORES).fill(0)
const value = (size, i) => Buffer.alloc(size, i)

/** One appended block: the block, two tree nodes, and the core's head, bitfield and hints. */
function append(core) {
  const i = lengths[core]++
  return [
    { key: key(core, 10, i), value: value(120, i) },
    { key: key(core, 11, 2 * i), value: value(44, i) },
    { key: key(core, 11, 2 * i + 1), value: value(44, i) },
    { key: key(core, 1, 0), value: value(110, i) },
    { key: key(core, 2, 0), value: value(30, i) },
    { key: key(core, 12, i >> 12), value: value(512, i) },
  ]
}

const tasks = {
  'commit of 6 puts': {
    unit: 'us',
    prepare: () => Array.from({ length: 2000 }, (_, i) => append(i % CORES)),
    async run(store, batches) {
      for (const batch of batches) await store.batch(batch)
      return batches.length
    },
  },
  'bulk load of 3,000 puts': {
    unit: 'ms',
    prepare: () =>
      Array.from({ length: 10 }, (_, n) => {
        const core = n % CORES
        const puts = []
        for (let b = 0; b < 1000; b++) {
          const i = lengths[core]++
          puts.push({ key: key(core, 10, i), value: value(120, i) })
          puts.push({ key: key(core, 11, 2 * i), value: value(44, i) })
          puts.push({ key: key(core, 11, 2 * i + 1), value: value(44, i) })
        }
        return puts
      }),
    async run(store, batches) {
      for (const batch of batches) await store.batch(batch)
      return batches.length
    },
  },
  'point read': {
    unit: 'us',
    prepare: () =>
      Array.from({ length: 5000 }, (_, i) => key(i % 10, 10, Math.floor(Math.random() * lengths[i % 10]))),
    async run(store, keys) {
      for (const each of keys) if (!(await store.get(each))) throw new Error('missing')
      return keys.length
    },
  },
  'scan, an entry': {
    unit: 'us',
    prepare: () =>
      Array.from({ length: 10 }, (_, core) => ({ gte: key(core, 10, 0), lt: key(core, 10, SCAN) })),
    async run(store, ranges) {
      let count = 0
      for (const range of ranges) count += await store.scan(range)
      if (count !== SCAN * ranges.length) throw new Error(`scanned ${count}`)
      return count
    },
  },
  'write of 64 KB': {
    unit: 'us',
    prepare: () => Array.from({ length: 100 }, (_, i) => [{ key: key(99, 10, i), value: value(65_536, i) }]),
    async run(store, batches) {
      for (const batch of batches) await store.batch(batch)
      return batches.length
    },
  },
  'read of 64 KB': {
    unit: 'us',
    prepare: () => Array.from({ length: 200 }, (_, i) => key(99, 10, i % 100)),
    async run(store, keys) {
      for (const each of keys) if ((await store.get(each)).length !== 65_536) throw new Error('short')
      return keys.length
    },
  },
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1]
}

for (const [where, makers] of Object.entries(groups)) {
  lengths.fill(0)
  const stores = Object.entries(makers).map(([name, make]) => ({ name, store: make() }))
  for (const { store } of stores) await store.ready()
  console.log(`\n${where}, median of ${ROUNDS} rounds, by the time of the ${given.by}`)
  console.log(
    ['task'.padEnd(26), ...stores.map(({ name }) => name.padStart(18)), 'ratio'.padStart(8)].join(''),
  )
  // Every core has something to read and to scan before the clock runs.
  for (let core = 0; core < CORES; core++) {
    const batches = Array.from({ length: SCAN }, () => append(core))
    for (const { store } of stores) await store.batch(batches.flat())
  }
  for (const [task, { unit, prepare, run }] of Object.entries(tasks)) {
    const times = stores.map(() => [])
    for (let round = 0; round < ROUNDS; round++) {
      const work = prepare()
      const first = round % stores.length
      for (let s = 0; s < stores.length; s++) {
        const i = (first + s) % stores.length
        const started = time()
        const count = await run(stores[i].store, work)
        times[i].push((time() - started) / count)
      }
    }
    const medians = times.map(median)
    const scale = unit === 'us' ? 1000 : 1
    const shown = medians.map((time) => `${(time * scale).toFixed(2)} ${unit}`.padStart(18))
    const ratio = medians[medians.length - 1] / medians[0]
    console.log([task.padEnd(26), ...shown, `${ratio.toFixed(1)}x`.padStart(8)].join(''))
  }
  for (const { store } of stores) await store.close()
}
fs.rmSync(directory, { recursive: true })
