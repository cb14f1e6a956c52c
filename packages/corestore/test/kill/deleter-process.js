// A process to be killed: goes on making cores of three blocks and a draft, and deletes each some time later. It tells what it
// has come to: `made n`, `deleting n`, `deleted n` for the core named `core n`.
// Arguments: the file to tell it in, the directory, the options of the store as JSON, and the first number.

import Corestore from '@coreyard/corestore'
import { openTold } from './tell.js'

const WORKERS = 3
const [told, directory, options, first] = process.argv.slice(2)
const tell = openTold(told)
const store = new Corestore(directory, JSON.parse(options))
await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(Number(first) + worker)))

async function work(start) {
  for (let n = start; ; n += WORKERS) {
    await make(n)
    if (n >= start + 4 * WORKERS) await remove(n - 4 * WORKERS)
  }
}

async function make(n) {
  const core = store.get({ name: `core ${n}` })
  await core.append(['first', 'second', 'third'])
  const draft = core.session({ name: 'draft' })
  await draft.append('fourth')
  await draft.close()
  await core.close()
  tell(`made ${n}`)
}

async function remove(n) {
  tell(`deleting ${n}`)
  await store.delete({ name: `core ${n}` }, { compact: n % 3 === 0 })
  tell(`deleted ${n}`)
}
