// What a watcher costs: the time of each picture of a store with many open cores, most of them at rest, and the time in which 100,000
// stored cores are listed. `npm run cost -w packages/inspector -- [OPEN [STORED]]`

import { performance } from 'node:perf_hooks'
import { Corestore } from '@coreyard/corestore'
import { inspect, watch } from '@coreyard/inspector'
import RAM from 'random-access-memory'

const [open = 10_000, stored = 100_000] = process.argv.slice(2).map(Number)
const INTERVAL = 500
const PICTURES = 20

await ofOpenCores()
await ofStoredCores()

async function ofOpenCores() {
  const [writer, reader] = [new Corestore(RAM), new Corestore(RAM)]
  for (let index = 0; index < open; index += 500) {
    const names = Array.from({ length: Math.min(500, open - index) }, (_, i) => `core ${index + i}`)
    await Promise.all(names.map((name) => writer.get({ name }).append('block')))
  }
  const peered = [...writer.cores].slice(0, Math.min(1000, open))
  const near = writer.replicate(true)
  near.pipe(reader.replicate(false)).pipe(near)
  await Promise.all(peered.map(({ key }) => reader.get(key).get(0)))

  const busy = writer.get({ name: 'core 0' })
  const idle = await processorTime(async () => pause(PICTURES * INTERVAL))
  const watching = watch(writer, { interval: INTERVAL })
  const first = await processorTime(() => watching.next())
  // Those that have just opened count as busy for some pictures.
  for (let picture = 0; picture < 5; picture++) await watching.next()
  const watched = await processorTime(async () => {
    for (let picture = 0; picture < PICTURES; picture++) {
      await watching.next()
      await busy.append('more')
    }
  })
  await watching.return()
  const share = (milliseconds) => `${((milliseconds / (PICTURES * INTERVAL)) * 100).toFixed(2)} %`
  print(`${open} open cores, 1,000 of them with a peer`, {
    'processor without a watcher': share(idle),
    'processor more with one, two pictures a second': share(watched - idle),
    'one picture': `${((watched - idle) / PICTURES).toFixed(2)} ms`,
    'the first picture': `${first.toFixed(0)} ms`,
  })
  await Promise.all([writer.close(), reader.close()])
}

async function ofStoredCores() {
  const storage = RAM.reusable()
  const writer = new Corestore(storage, { idleTimeout: 0 })
  for (let index = 0; index < stored; index += 500) {
    const sessions = Array.from({ length: Math.min(500, stored - index) }, (_, i) =>
      writer.get({ name: `core ${index + i}` }),
    )
    await Promise.all(sessions.map((core) => core.append('block')))
    await Promise.all(sessions.map((core) => core.close()))
  }
  await writer.close()
  const store = new Corestore(storage)
  await store.ready()
  const began = performance.now()
  let count = 0
  const spent = await processorTime(async () => {
    const { cores } = await inspect(store, { stored: true })
    count = cores.length
  })
  print(`${count} stored cores, none of them open`, {
    'listed in': `${((performance.now() - began) / 1000).toFixed(2)} s, ${(spent / 1000).toFixed(2)} s of a processor`,
    'open afterwards': store.cores.size,
  })
  await store.close()
}

/** The milliseconds of processor that this process takes meanwhile. */
async function processorTime(work) {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

function print(title, figures) {
  console.log(title)
  for (const [name, figure] of Object.entries(figures)) console.log(`  ${name.padEnd(48)}${figure}`)
}
