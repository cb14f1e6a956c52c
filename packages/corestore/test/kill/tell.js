// How a process that is to be killed tells what it has done: in a file, because what waits in a pipe dies with the process.

import { openSync, writeSync } from 'node:fs'

/** Returns a function that writes a line to the file before it returns, and then a byte to standard output. */
export function openTold(path) {
  const file = openSync(path, 'a')
  return (line) => {
    writeSync(file, `${line}\n`)
    process.stdout.write('.')
  }
}
