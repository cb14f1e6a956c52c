// Very many cores in one store: created, listed, closed, opened one by one at random. Prints how long each step takes, and the
// memory of the process after it. `npm run scale -w packages/corestore -- --help` tells the options.

import { rmSync, statSync } from 'node:fs'
import { mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import Corestore from '@coreyard/corestore'
import { memoryStorage } from '@coreyard/storage'

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    cores: { type: 'string', default: '100000' },
    storage: { type: 'string', default: 'files' },
    cacheSize: { type: 'string', default: '1000' },
    opens: { type: 'string', default: '100000' },
    directory: { type: 'string' },
  },
})

if (values.help) {
  console.log(`--cores N        how many cores (100000)
--storage NAME   files (engine 'random-access'), rocksdb or memory (files)
--cacheSize N    how many cores that are not in use stay open (1000)
--opens N        how many times to open a core at random (100000)
--directory DIR  where to keep the store, which is left there (a temporary directory, removed)`)
  process.exit()
}

const CORES = Number(values.cores)
const OPENS = Number(values.opens)
const cacheSize = Number(values.cacheSize)
const MB = 2 ** 20

const directory = values.directory ?? (await mkdtemp(join(tmpdir(), 'coreyard-scale-')))
const place = {
  files: [directory, { engine: 'random-access', cacheSize }],
  rocksdb: [directory, { engine: 'rocksdb', cacheSize }],
  memory: [memoryStorage(), { cacheSize }],
}[values.storage]
if (place === undefined) throw new Error('--storage must be files, rocksdb or memory')

console.log(`${CORES} cores, ${values.storage}, cacheSize ${cacheSize}, Node.js ${process.version}`)
console.log('step                             ms   a core, us   rss MB   heap MB   buffers MB   open cores')

let store = new Corestore(...place)
await step('open', 1, () => store.ready())
await step('create', CORES, async () => {
  for (let index = 0; index < CORES; index++) {
    const core = store.get({ name: `core ${index}` })
    await core.append(`block of core ${index}`)
    await core.close()
  }
})
await listAll()
await step('close', 1, () => store.close())

store = new Corestore(...place)
await step('open again', 1, () => store.ready())
await listAll()
for (let tenth = 1; tenth <= 10; tenth++) {
  await step(`open at random, ${tenth}/10`, OPENS / 10, async () => {
    for (let count = 0; count < OPENS / 10; count++) await openOne(Math.floor(Math.random() * CORES))
  })
}
await step('close', 1, () => store.close())
if (values.storage !== 'memory') console.log(`${((await bytesOnDisk()) / MB).toFixed(1)} MB on disk`)
if (values.directory === undefined) rmSync(directory, { recursive: true })

async function listAll() {
  await step('list', CORES, async () => {
    let count = 0
    for await (const _ of store.list()) count++
    expectSame(count, CORES)
  })
  await step('stored', CORES, async () => {
    let [count, length] = [0, 0]
    for await (const core of store.stored()) {
      count++
      length += core.length
    }
    expectSame(count, CORES)
    expectSame(length, CORES)
  })
}

async function openOne(index) {
  const core = store.get({ name: `core ${index}` })
  expectSame(String(await core.get(0)), `block of core ${index}`)
  await core.close()
}

function expectSame(found, expected) {
  if (found !== expected) throw new Error(`Found ${found}, and not ${expected}`)
}

async function step(name, count, run) {
  const start = performance.now()
  await run()
  const time = performance.now() - start
  const open = store.closed ? 0 : store.cores.size
  for (let round = 0; round < 3; round++) {
    await new Promise(setImmediate)
    globalThis.gc()
  }
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage()
  const numbers = [
    [time.toFixed(0), 14],
    [count === 1 ? '' : ((time * 1000) / count).toFixed(0), 13],
    [(rss / MB).toFixed(0), 9],
    [(heapUsed / MB).toFixed(1), 10],
    [(arrayBuffers / MB).toFixed(1), 13],
    [String(open), 13],
  ]
  console.log(name.padEnd(21) + numbers.map(([text, width]) => text.padStart(width)).join(''))
}

async function bytesOnDisk() {
  const paths = await readdir(directory, { recursive: true })
  return paths.reduce((sum, path) => sum + statSync(join(directory, path)).size, 0)
}
