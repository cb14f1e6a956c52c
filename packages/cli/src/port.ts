// A port, as options take it.

import { usage } from './errors.js'
import { visible } from './text.js'

/** Reads the port of an option: 0 for any that is free. */
export function readPort(option: string): (text: string) => number {
  return (text) => {
    const port = Number(text)
    if (/^\d+$/.test(text) && port < 65536) return port
    throw usage(`${option} must be a port from 0 to 65535, not ${visible(text)}`)
  }
}
