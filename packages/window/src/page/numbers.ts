// Numbers and times as the page shows them.

import { bytes } from '../text.js'

const COUNTS = new Intl.NumberFormat('en')
const TIMES = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const DATES = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

export function count(value: number): string {
  return COUNTS.format(value)
}

/** Of something, with its number: `1 peer`, `2 peers`. */
export function counted(value: number, what: string): string {
  return `${count(value)} ${what}${value === 1 ? '' : 's'}`
}

export function bytesRate(value: number): string {
  return `${bytes(Math.round(value))}/s`
}

export function clock(milliseconds: number): string {
  return TIMES.format(milliseconds)
}

export function date(milliseconds: number | null): string {
  return milliseconds === null ? 'unknown' : DATES.format(milliseconds)
}
