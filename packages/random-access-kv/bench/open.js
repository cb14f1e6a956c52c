// Ten million entries (about 2 GB) in a file: how long opening takes, what it costs in memory, and what a random read costs
// next to one in ten thousand entries. ENTRIES=… for another number, KEEP=file to keep (or find) the store.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { FileStorage } from '../dist/file.js'
import { RandomAccessKV } from '../dist/index.js'

const ENTRIES = Number(process.env.ENTRIES ?? 10_000_000)
const CACHE = 64 * 1024 * 1024
const READS = 100_000

function key(i) {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32BE(i, 12)
  return bytes
}

async function build(file, entries) {
  const kv = new RandomAccessKV(new FileStorage(file))
  for (let i = 0; i < entries; i += 5000) {
    const batch = []
    for (let j = i; j < Math.min(entries, i + 5000); j++)
      batch.push({ type: 'put', key: key(j), value: Buffer.alloc(180, j) })
    await kv.batch(batch)
  }
  await kv.close()
}

/** Runs in a process of its own, so that its memory is its own. */
async function measure(file, entries) {
  globalThis.gc()
  const before = process.memoryUsage().rss
  const started = performance.now()
  const kv = new RandomAccessKV(new FileStorage(file), { cacheSize: CACHE })
  await kv.ready()
  const first = await kv.get(key(entries >> 1))
  const opened = performance.now() - started
  if (first === null) throw new Error('missing')
  const openBytes = process.memoryUsage().rss - before
  const random = []
  for (let i = 0; i < READS; i++) random.push(key(Math.floor(Math.random() * entries)))
  const time = async (keys) => {
    const { cacheMisses } = await kv.stats()
    const from = performance.now()
    for (const each of keys) if ((await kv.get(each)) === null) throw new Error('missing')
    return {
      microseconds: ((performance.now() - from) * 1000) / keys.length,
      misses: ((await kv.stats()).cacheMisses - cacheMisses) / keys.length,
    }
  }
  const cold = await time(random)
  // The same 5,000 keys again and again: all cached.
  const few = random.slice(0, 5000)
  await time(few)
  const cached = await time(Array.from({ length: 20 }, () => few).flat())
  globalThis.gc()
  const { cacheBytes } = await kv.stats()
  const grown = process.memoryUsage().rss - before
  await kv.close()
  return { opened, openBytes, cold, cached, cacheBytes, grown }
}

if (process.argv[2] === 'measure') {
  console.log(JSON.stringify(await measure(process.argv[3], Number(process.argv[4]))))
} else {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'random-access-kv-open-'))
  for (const entries of [10_000, ENTRIES]) {
    const kept = entries === ENTRIES ? process.env.KEEP : undefined
    const file = kept ?? path.join(directory, `${entries}.kv`)
    if (!fs.existsSync(file)) await build(file, entries)
    const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`
    const output = execFileSync(process.execPath, [
      '--expose-gc',
      import.meta.filename,
      'measure',
      file,
      String(entries),
    ])
    const { opened, openBytes, cold, cached, cacheBytes, grown } = JSON.parse(output.toString())
    console.log(`${entries.toLocaleString('en')} entries, ${mb(fs.statSync(file).size)}`)
    console.log(`  open and first read  ${opened.toFixed(1)} ms, ${mb(openBytes)} of memory`)
    console.log(
      `  random read          ${cold.microseconds.toFixed(2)} us, ${cold.misses.toFixed(2)} cache misses each`,
    )
    console.log(
      `  random read, cached  ${cached.microseconds.toFixed(2)} us, ${cached.misses.toFixed(2)} cache misses each`,
    )
    console.log(`  memory at the end    ${mb(grown)}, of which cache ${mb(cacheBytes)} (budget ${mb(CACHE)})`)
  }
  fs.rmSync(directory, { recursive: true })
}
