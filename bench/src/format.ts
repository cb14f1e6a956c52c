// Numbers as people read them.

import type { Row } from './tasks/task.js'

/** A time or a number of bytes, with three digits and the unit that suits it. */
export function amount(value: number, unit: Row['unit']): string {
  return unit === 'time' ? time(value) : bytes(value)
}

/** As `3.2x`. */
export function ratio(value: number): string {
  return `${digits(value)}x`
}

/** As `4%`. */
export function percent(part: number): string {
  return `${Math.round(part * 100)}%`
}

/** As `100,000`. */
export function count(value: number): string {
  return value.toLocaleString('en')
}

/** @param value in microseconds */
function time(value: number): string {
  if (value >= 1e6) return `${digits(value / 1e6)} s`
  return value >= 1000 ? `${digits(value / 1000)} ms` : `${digits(value)} µs`
}

function bytes(value: number): string {
  if (value >= 1e6) return `${digits(value / 1e6)} MB`
  return value >= 1000 ? `${digits(value / 1000)} KB` : `${digits(value)} B`
}

/** Two digits after the point below 10, one below 100, none above. */
function digits(value: number): string {
  if (Math.abs(value) >= 99.95) return value.toFixed(0)
  return value.toFixed(Math.abs(value) >= 9.995 ? 1 : 2)
}
