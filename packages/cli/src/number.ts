// Numbers, as options take them: in decimal digits alone. `Number()` would take `0x50`, `1e3`, ` 80 ` and nothing as well.

import { usage } from './errors.js'
import { given } from './text.js'

const MOST_PORT = 65535

/** A whole number; `NaN` for any other text. */
export function wholeNumber(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN
}

/** A number that may have a fraction; `NaN` for any other text. */
export function decimalNumber(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
}

/** Reads the port of an option: 0 for any that is free. */
export function readPort(option: string): (text: string) => number {
  return (text) => {
    const port = wholeNumber(text)
    if (port <= MOST_PORT) return port
    throw usage(`${option} must be a port from 0 to ${MOST_PORT}, not ${given(text)}`)
  }
}

/** The port of another machine; `null` for what is none. */
export function remotePort(text: string): number | null {
  const port = wholeNumber(text)
  return port > 0 && port <= MOST_PORT ? port : null
}
