// A process that writes to a store until it is killed: each line it prints is a batch that was acknowledged.

import { FileStorage } from '../../dist/file.js'
import { RandomAccessKV } from '../../dist/index.js'

const [file, first] = process.argv.slice(2)
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
  process.stdout.write(`${i}\n`)
}
