// A process that writes to a store until it is killed. It tells each batch that was acknowledged: in a file, because what waits in a
// pipe dies with the process, and by a byte on standard output, which only says when to kill it.
// Arguments: the store, the number of the first batch, and the file to tell it in.

import { openSync, writeSync } from 'node:fs'
import { FileStorage } from '../../dist/file.js'
import { RandomAccessKV } from '../../dist/index.js'

const [file, first, told] = process.argv.slice(2)
const acknowledged = openSync(told, 'a')
const kv = new RandomAccessKV(new FileStorage(file), { pageSize: 1024, logSize: 20_000, cacheSize: 100_000 })
await kv.ready()
for (let i = Number(first); ; i++) {
  const number = Buffer.from(String(i))
  await kv.batch([
    { type: 'put', key: Buffer.from('last'), value: number },
    { type: 'put', key: Buffer.from(`a ${i % 500}`), value: Buffer.alloc(100, i) },
    { type: 'put', key: Buffer.from(`b ${i % 500}`), value: number },
    { type: 'put', key: Buffer.from(`large ${i % 7}`), value: Buffer.alloc(i % 3 === 0 ? 9000 : 3000, i) },
    { type: 'del', key: Buffer.from(`a ${(i + 250) % 500}`) },
  ])
  writeSync(acknowledged, `${i}\n`)
  process.stdout.write('.')
}
