// Opens the directory of its first argument, says so, and closes it when its standard input ends.
import HypercoreStorage from 'hypercore-storage'

const [directory, options] = process.argv.slice(2)
const storage = new HypercoreStorage(directory, JSON.parse(options))
await storage.ready()
console.log('open')
process.stdin.resume().once('end', () => storage.close())
