// One store under load, in a process of its own, so that memory and bytes written are its own. Started by sizes.js; prints JSON.

import fs from 'node:fs'
import path from 'node:path'
import { FileStorage } from '../dist/file.js'
import { ours, rocks } from './stores.js'

const VALUE = 100
const KEY = 16
const BATCH = 1000
const UPDATES = 6
/** Values are pieces of this: no store can compress them. */
const pool = Buffer.alloc(1 << 20)
for (let i = 0, x = 1; i < pool.length; i += 4) {
  x = scramble(x + i)
  pool.writeUInt32LE(x, i)
}

const { store: name, order, entries, commits, reads, directory, phase, seed } = JSON.parse(process.argv[2])
const open = {
  'random-access-kv': () => ours(new FileStorage(path.join(directory, 'store.kv'))),
  'rocksdb-native': () => rocks(directory),
}

/** A bijection of 32-bit integers without a pattern (the end of MurmurHash3). */
function scramble(n) {
  let h = n | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

let state = seed
const random = (below) => {
  state = (state + 0x9e3779b9) | 0
  return scramble(state) % below
}

function keyOf(i) {
  const key = Buffer.alloc(KEY)
  key.writeUInt32BE(order === 'random' ? scramble(i) : i, 0)
  key.writeUInt32BE(scramble(i ^ 0x5bd1e995), 4)
  return key
}

function someValue() {
  const at = random(pool.length - VALUE)
  return pool.subarray(at, at + VALUE)
}

const put = (i) => ({ key: keyOf(i), value: someValue() })

/** Bytes that this process has asked the system to write, those of threads included; null where the system does not count. */
function written() {
  try {
    return Number(/^wchar: (\d+)$/m.exec(fs.readFileSync('/proc/self/io', 'utf8'))[1])
  } catch {
    return null
  }
}

/** Watches how long the event loop does not turn, from now until `stop`. */
function watchLoop() {
  let longest = 0
  let last = performance.now()
  let timer = setTimeout(turn, 1)
  function look() {
    const now = performance.now()
    longest = Math.max(longest, now - last - 1)
    last = now
  }
  function turn() {
    look()
    timer = setTimeout(turn, 1)
  }
  return {
    stop() {
      clearTimeout(timer)
      look()
      return longest
    },
  }
}

/** Microseconds that all threads of this process have had a processor: what a busy machine changes least. */
function processorTime() {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** Makes batches, one after the other, and says what they took. */
async function commitAll(store, count, make) {
  const times = new Float64Array(count)
  const before = written()
  let puts = 0
  const loop = watchLoop()
  const started = performance.now()
  const processor = processorTime()
  for (let n = 0; n < count; n++) {
    const batch = make(n)
    puts += batch.length
    const from = performance.now()
    await store.batch(batch)
    times[n] = performance.now() - from
  }
  const took = performance.now() - started
  const worked = processorTime() - processor
  const stall = loop.stop()
  const after = written()
  const spent = times.reduce((sum, time) => sum + time, 0)
  times.sort()
  return {
    seconds: took / 1000,
    microseconds: (spent * 1000) / count,
    microsecondsEach: (spent * 1000) / puts,
    processor: worked / count,
    processorEach: worked / puts,
    p99: times[Math.floor(count * 0.99)],
    worst: times[count - 1],
    stall,
    writtenPerByte: before === null ? null : (after - before) / (puts * (KEY + VALUE)),
  }
}

function updates(n) {
  if (order === 'random') return Array.from({ length: UPDATES }, () => put(random(entries)))
  return Array.from({ length: UPDATES }, (_, j) => put((n * UPDATES + j) % entries))
}

async function fill(store) {
  return commitAll(store, Math.ceil(entries / BATCH), (n) =>
    Array.from({ length: Math.min(BATCH, entries - n * BATCH) }, (_, j) => put(n * BATCH + j)),
  )
}

async function readAll(store) {
  const keys = Array.from({ length: reads }, () => keyOf(random(entries)))
  for (const key of keys.slice(0, reads / 10)) await store.get(key)
  const started = performance.now()
  for (const key of keys) if (!(await store.get(key))) throw new Error('missing')
  const get = ((performance.now() - started) * 1000) / keys.length
  const from = performance.now()
  const count = await store.scan({ gte: Buffer.alloc(1), lt: Buffer.alloc(KEY + 1, 255), limit: 100_000 })
  return { get, scan: ((performance.now() - from) * 1000) / count }
}

function diskBytes() {
  let bytes = 0
  for (const file of fs.readdirSync(directory, { recursive: true }))
    bytes += fs.statSync(path.join(directory, file)).blocks * 512
  return bytes
}

const phases = {
  async load() {
    const store = open[name]()
    await store.ready()
    const load = await fill(store)
    const commit = await commitAll(store, commits, updates)
    const read = await readAll(store)
    const from = performance.now()
    await store.close()
    const close = performance.now() - from
    return { load, commit, read, close, disk: diskBytes(), memory: process.resourceUsage().maxRSS * 1024 }
  },
  /** Ends without a word, as if killed. */
  async kill() {
    const store = open[name]()
    await store.ready()
    await commitAll(store, commits, updates)
    process.kill(process.pid, 'SIGKILL')
  },
  async open() {
    const from = performance.now()
    const store = open[name]()
    await store.ready()
    if (!(await store.get(keyOf(random(entries))))) throw new Error('missing')
    const opened = performance.now() - from
    await store.close()
    return { opened }
  },
}

process.stdout.write(JSON.stringify(await phases[phase]()))
