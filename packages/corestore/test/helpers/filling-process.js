// Appends to a core until the disk takes no more, and says on standard output, as JSON, what came of it: how long the core was,
// how appending failed and failed again, and how a new core did.
// Arguments: the directory, and the options of the store as JSON.

import Corestore from '@coreyard/corestore'

const [directory, options] = process.argv.slice(2)
const store = new Corestore(directory, JSON.parse(options))
const core = store.get({ name: 'a' })
const errors = []
let acknowledged = 0
for (; errors.length === 0; acknowledged++) await core.append(block(acknowledged)).catch(note)
await core.append(block(0)).catch(note)
await store.get({ name: 'b' }).append(block(0)).catch(note)
console.log(JSON.stringify({ acknowledged: acknowledged - 1, length: core.length, errors }))
// Closing may need space, too: the next store must do without.
await store.close().catch(() => {})

function block(value) {
  return new Uint8Array(50_000).fill(value)
}

function note({ name, code, message, directory }) {
  errors.push({ name, code, message, directory })
}
