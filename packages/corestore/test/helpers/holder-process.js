// Opens a store in the directory of its first argument, says so, and closes it when its standard input ends.
import { Corestore } from '@coreyard/corestore'

const store = new Corestore(process.argv[2])
await store.ready()
console.log('open')
process.stdin.resume().once('end', () => store.close())
