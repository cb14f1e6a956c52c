// What one mirror takes and holds: `npm run cost -w packages/cli`, after a build. The mirror is a process of its own on this machine, and so
// is the network. `--cores N` (default 10000) small cores of ten blocks of 100 bytes, and `--bytes SIZE` (default 500MB) in one core of blocks
// of 64 KiB, are placed there; then the large one is read from there. docs/beyond-one-machine.md has the figures.

import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Corestore } from '@coreyard/corestore'
import createTestnet from '@hyperswarm/testnet'

const BIN = new URL('../bin/coreyard.js', import.meta.url).pathname
const BLOCKS = 10
const LARGE_BLOCK = 64 * 1024

const { values } = parseArgs({
  options: { cores: { type: 'string', default: '10000' }, bytes: { type: 'string', default: '500000000' } },
})
const [count, bytes] = [Number(values.cores), Number(values.bytes)]

const directory = mkdtempSync(join(tmpdir(), 'coreyard-mirror-'))
const testnet = await createTestnet(3)
const network = ['--bootstrap', ...testnet.bootstrap.map(({ host, port }) => `${host}:${port}`)]
try {
  console.log(`Node.js ${process.version}, ${cpus().length} processors, ${cpus()[0]?.model.trim()}`)
  await measure('large', (store) => fillLarge(store))
  await measure('small', (store) => fillSmall(store))
} finally {
  await testnet.destroy()
  rmSync(directory, { recursive: true, force: true })
}

/** Places what `fill` writes on a new mirror, and reads it back if it is one core. */
async function measure(name, fill) {
  const [source, target] = [join(directory, name), join(directory, `${name}-mirror`)]
  const store = new Corestore(source)
  const written = await fill(store)
  await store.close()
  const mirror = await startMirror(target)
  const before = memory(mirror.pid)
  const placing = await timed(['place', source, '--mirrors', mirror.key, '--copies', '1', ...network])
  const peak = peakMemory(mirror.pid)
  console.log(`${name}: ${written.cores} cores, ${written.bytes} bytes of blocks`)
  console.log(
    `  placed in ${placing.toFixed(1)} s: ${(written.bytes / 1e6 / placing).toFixed(1)} MB/s, ${(written.cores / placing).toFixed(0)} cores/s`,
  )
  console.log(
    `  memory of the mirror: ${before} MB empty, ${peak} MB at most, ${memory(mirror.pid)} MB afterwards`,
  )
  if (written.key !== null) {
    const reading = await timed([
      'clone',
      written.key,
      join(directory, 'copy'),
      '--mirrors',
      mirror.key,
      ...network,
    ])
    console.log(`  read in ${reading.toFixed(1)} s: ${(written.bytes / 1e6 / reading).toFixed(1)} MB/s`)
  }
  await mirror.stop()
  const started = performance.now()
  const again = await startMirror(target)
  console.log(
    `  starts again in ${((performance.now() - started) / 1000).toFixed(1)} s, with ${memory(again.pid)} MB`,
  )
  await again.stop()
  const disk = Number(execFileSync('du', ['-sb', target]).toString().split('\t')[0])
  console.log(
    `  disk: ${disk} bytes, ${((disk - written.bytes) / written.cores).toFixed(0)} beside its blocks for each core`,
  )
}

async function fillLarge(store) {
  const core = store.get({ name: 'large' })
  const blocks = Math.ceil(bytes / LARGE_BLOCK)
  for (let start = 0; start < blocks; start += 64) {
    await core.append(
      Array.from({ length: Math.min(64, blocks - start) }, () =>
        crypto.getRandomValues(Buffer.alloc(LARGE_BLOCK)),
      ),
    )
  }
  return { cores: 1, bytes: core.byteLength, key: core.key.toString('hex') }
}

async function fillSmall(store) {
  for (let index = 0; index < count; index++) {
    const core = store.get({ name: `small ${index}` })
    await core.append(Array.from({ length: BLOCKS }, () => Buffer.alloc(100, index)))
    await core.close()
  }
  return { cores: count, bytes: count * BLOCKS * 100, key: null }
}

async function startMirror(at) {
  const child = spawn(process.execPath, [BIN, 'mirror', at, ...network], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  const key = await new Promise((resolve, reject) => {
    exited.then((code) => reject(new Error(`the mirror ended with ${code}`)))
    child.stderr.on('data', (chunk) => {
      const [, found] = /^mirror ([0-9a-f]{64})$/m.exec(String(chunk)) ?? []
      if (found !== undefined) resolve(found)
    })
  })
  const stop = () => {
    child.kill('SIGINT')
    return exited
  }
  return { pid: child.pid, key, stop }
}

/** In seconds. */
async function timed(args) {
  const started = performance.now()
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
  const code = await new Promise((resolve) => child.once('exit', resolve))
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}`)
  return (performance.now() - started) / 1000
}

/** Of a process, in MB; Linux only. */
function memory(pid) {
  return status(pid, 'VmRSS')
}

function peakMemory(pid) {
  return status(pid, 'VmHWM')
}

function status(pid, name) {
  const [, kilobytes] =
    new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round((Number(kilobytes) * 1024) / 1e6)
}
