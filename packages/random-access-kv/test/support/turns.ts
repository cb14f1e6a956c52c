// Counting the turns of the event loop.

/** Counts the turns of the event loop while something runs. */
export async function turns(run: () => Promise<unknown>): Promise<number> {
  let count = 0
  let isRunning = true
  const turn = () => {
    count++
    if (isRunning) setImmediate(turn)
  }
  setImmediate(turn)
  await run()
  isRunning = false
  return count
}
