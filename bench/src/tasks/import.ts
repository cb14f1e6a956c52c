import type { Task } from './task.js'

/** Of a process that has loaded nothing else: never rehearsed, and the first thing that it does. */
export const importing: Task = {
  id: 'import',
  rows: [{ id: 'import', title: 'import the package', per: 'process', unit: 'time' }],
  scales: null,
  rehearsed: false,
  async run({ contestant, measure }) {
    await measure('import', 1, () => contestant.load())
  },
}
