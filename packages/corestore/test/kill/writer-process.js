// A process to be killed: appends to the named cores of a store until the end, and tells on standard output what has been
// acknowledged. Arguments: the directory, the options of the store as JSON, and a number that tells this run from others.

import Corestore from '@coreyard/corestore'

const [directory, options, run] = process.argv.slice(2)
const store = new Corestore(directory, JSON.parse(options))
const cores = ['a', 'b', 'c', 'd', 'e'].map((name) => store.get({ name, valueEncoding: 'utf-8' }))
await Promise.all(cores.map((core) => core.ready()))

for (let count = 0; ; count++) {
  const core = cores[count % cores.length]
  // Every fifth round a batch, which is there as a whole or not at all.
  const blocks =
    count % 25 < 5 ? ['one', 'two', 'three'].map((part) => `${run}.${count} ${part}`) : [`${run}.${count}`]
  const { length } = await core.append(blocks)
  process.stdout.write(`${JSON.stringify({ key: core.id, length, blocks })}\n`)
}
