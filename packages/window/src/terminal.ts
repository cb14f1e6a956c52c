/**
 * Shows the window in a terminal.
 *
 * @packageDocumentation
 */

export type { Terminal } from './terminal/screen.js'
export { showTop, type TopOptions } from './terminal/show-top.js'
