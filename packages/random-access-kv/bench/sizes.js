// Compares the store with rocksdb-native at stores of 10,000 to 5,000,000 entries of 100 bytes, at random and at sequential keys:
// bulk loads, commits of six updates, reads, scans, opening after a kill, memory, disk. Both run in turn, each in a process
// of its own, with default options; ratios are those of a pair, and the median of the rounds counts.
//
// --quick            few entries, one round
// --entries 10000,…  --keys random,sequential  --rounds 3
// --json FILE        writes what was measured to a file

import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

const { values: given } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    entries: { type: 'string' },
    keys: { type: 'string', default: 'random,sequential' },
    rounds: { type: 'string' },
    json: { type: 'string' },
  },
})
const SIZES = (given.entries ?? (given.quick ? '10000,200000' : '10000,1000000,5000000'))
  .split(',')
  .map(Number)
const ORDERS = given.keys.split(',')
const ROUNDS = Number(given.rounds ?? (given.quick ? 1 : 3))
const STORES = ['random-access-kv', 'rocksdb-native']
/** Commits before a kill: the log is to be found at different lengths. */
const KILLS = given.quick ? [3000, 8000] : [5000, 12_000, 19_000, 26_000]
const WORKLOAD = path.join(import.meta.dirname, 'workload.js')

function run(phase, where) {
  const child = spawnSync(process.execPath, [WORKLOAD, JSON.stringify({ phase, ...where })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (phase === 'kill' ? child.signal === 'SIGKILL' : child.status === 0)
    return phase === 'kill' ? null : JSON.parse(child.stdout.toString())
  throw new Error(`${phase} of ${where.store} ended with ${child.status ?? child.signal}`)
}

function measure(store, order, entries, seed) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'random-access-kv-sizes-'))
  try {
    const commits = Math.min(100_000, Math.max(20_000, entries))
    const where = { store, order, entries, seed, directory, commits, reads: 20_000 }
    const result = run('load', where)
    const opened = KILLS.map((kills, k) => {
      run('kill', { ...where, seed: seed + k + 1, commits: kills })
      return run('open', where).opened
    })
    return { ...result, opened: Math.max(...opened) }
  } finally {
    fs.rmSync(directory, { recursive: true })
  }
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]
const us = (number) => `${number.toFixed(1)} us`
const ms = (number) => `${number.toFixed(1)} ms`
const mb = (number) => `${(number / 1e6).toFixed(1)} MB`
const times = (number) => number.toFixed(1)

/** What is shown: a name, where it is in a result, and its unit. */
const rows = [
  ['bulk load, an entry', (r) => r.load.microsecondsEach, us],
  ['bulk load, processor time', (r) => r.load.processorEach, us],
  ['bulk load, worst batch', (r) => r.load.worst, ms],
  ['bulk load, longest stall', (r) => r.load.stall, ms],
  ['bulk load, written a byte', (r) => r.load.writtenPerByte, times],
  ['commit of 6 updates', (r) => r.commit.microseconds, us],
  ['commit, processor time', (r) => r.commit.processor, us],
  ['commit, 99 of 100', (r) => r.commit.p99 * 1000, us],
  ['commit, worst', (r) => r.commit.worst, ms],
  ['commits, longest stall', (r) => r.commit.stall, ms],
  ['commits, written a byte', (r) => r.commit.writtenPerByte, times],
  ['point read', (r) => r.read.get, us],
  ['scan, an entry', (r) => r.read.scan, us],
  ['open after a kill, worst', (r) => r.opened, ms],
  ['close', (r) => r.close, ms],
  ['memory, most', (r) => r.memory, mb],
  ['disk', (r) => r.disk, mb],
]

const results = []
for (const entries of SIZES) {
  for (const order of ORDERS) {
    const pairs = []
    for (let round = 0; round < ROUNDS; round++) {
      const pair = {}
      const turns = round % 2 === 0 ? STORES : [...STORES].reverse()
      for (const store of turns) pair[store] = measure(store, order, entries, 1 + round * 1000)
      pairs.push(pair)
    }
    results.push({ entries, order, pairs })
    console.log(`\n${entries.toLocaleString('en')} entries, ${order} keys, median of ${ROUNDS}`)
    console.log(
      ['', ...STORES, 'ratio'].map((cell, i) => (i === 0 ? cell.padEnd(26) : cell.padStart(18))).join(''),
    )
    for (const [title, pick, unit] of rows) {
      const medians = STORES.map((store) => median(pairs.map((pair) => pick(pair[store]) ?? Number.NaN)))
      const ratio = median(pairs.map((pair) => pick(pair[STORES[1]]) / pick(pair[STORES[0]])))
      const cells = [...medians.map(unit), `${ratio.toFixed(2)}x`].map((cell) => cell.padStart(18))
      console.log([title.padEnd(26), ...cells].join(''))
    }
  }
}
if (given.json !== undefined) {
  const machine = {
    cpu: os.cpus()[0]?.model,
    cores: os.cpus().length,
    memory: os.totalmem(),
    node: process.version,
  }
  fs.writeFileSync(given.json, `${JSON.stringify({ machine, rounds: ROUNDS, results }, null, 1)}\n`)
}
