// A process to be killed: goes on appending to named cores, and truncates those that have become long. It tells every
// change that was acknowledged: `name fork length`.
// Arguments: the file to tell it in, the directory, and the options of the store as JSON. append.test.ts knows what it writes.

import Corestore from '@coreyard/corestore'
import { openTold } from './tell.js'

const [told, directory, options] = process.argv.slice(2)
const tell = openTold(told)
const store = new Corestore(directory, JSON.parse(options))
await Promise.all(['a', 'b', 'c', 'd', 'e'].map(write))

async function write(name) {
  const core = store.get({ name, valueEncoding: 'utf-8' })
  await core.ready()
  for (;;) {
    const { length } = core
    if (length >= 100) await core.truncate(50)
    else await core.append(Array.from({ length: 1 + (length % 4) }, (_, i) => block(name, length + i)))
    tell(`${name} ${core.fork} ${core.length}`)
  }
}

function block(name, index) {
  return `${name} ${index} ${'x'.repeat((index * 97) % 1000)}`
}
