// What is told of the runs: which tests have failed, and the table of all runs.

import { stripVTControlCharacters } from 'node:util'

/** The names of the tests that failed, as the output of Turborepo and Vitest has them: package, file and test. */
export function failuresIn(output) {
  const failures = new Set()
  for (const line of stripVTControlCharacters(output).split('\n')) {
    const [, task = '', name] = /^(?:(\S+):test: ?)?\s*FAIL\s+(.+?)\s*$/.exec(line) ?? []
    if (name !== undefined) failures.add(task === '' ? name : `${task} ${name}`)
  }
  return [...failures]
}

/** One line for each run, and below it what has failed in it. */
export function runsTable(runs) {
  const lines = ['run  load  result       seconds']
  for (const [index, { isLoaded, result, seconds, failures, log }] of runs.entries()) {
    const number = String(index + 1).padStart(3)
    const duration = String(Math.round(seconds)).padStart(7)
    lines.push(`${number}  ${isLoaded ? 'yes ' : 'no  '}  ${result.padEnd(11)}  ${duration}`)
    for (const failure of failures) lines.push(`       ${failure}`)
    if (log !== null) lines.push(`       output: ${log}`)
  }
  const passed = runs.filter(({ result }) => result === 'passed').length
  lines.push(`${passed} of ${runs.length} runs passed`)
  return lines.join('\n')
}
