// Converts a store in a process of its own, which is killed after so many batches.
import { convert } from '@coreyard/convert'

const { from, to, engine, batches } = JSON.parse(process.argv[2])
let left = batches
const progress = () => {
  if (--left === 0) process.kill(process.pid, 'SIGKILL')
}
await convert(from, to, { to: { engine }, batchSize: 600, progress })
