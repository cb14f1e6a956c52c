// One process of the load: `busy` computes without a pause, `disk DIRECTORY` writes a file again and again and syncs it. It ends when the
// process that started it has gone, however that went.

import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** The size of the file, and of one write to it, in bytes. */
const FILE_SIZE = 64 * 2 ** 20
const WRITE_SIZE = 2 ** 20
/** How long to compute before looking whether to end, in milliseconds. */
const SLICE = 50

const [kind, directory] = process.argv.slice(2)
process.once('disconnect', () => process.exit())
process.on('SIGINT', () => {}) // Ctrl-C reaches every process of the terminal: whoever started this one ends it
if (kind === 'busy') compute()
else write(openSync(join(directory, 'written'), 'w'), 0)

function compute() {
  const end = performance.now() + SLICE
  while (performance.now() < end);
  setImmediate(compute)
}

function write(file, offset) {
  writeSync(file, Buffer.alloc(WRITE_SIZE, offset / WRITE_SIZE), 0, WRITE_SIZE, offset)
  fsyncSync(file)
  if (!process.connected) return closeSync(file)
  setImmediate(write, file, (offset + WRITE_SIZE) % FILE_SIZE)
}
