// Text for a terminal.

import { visible } from '@coreyard/window/text'

export { bytes, strip, visible } from '@coreyard/window/text'

/** What was given as an argument, for a message that refuses it. */
export function given(text: string): string {
  return text === '' ? 'an empty text' : visible(text.slice(0, 80))
}

/** `1 core`, `2 cores`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`
}

/** `2026-11-25 23:55`, in UTC; `-` for none. */
export function time(milliseconds: number | null): string {
  if (milliseconds === null) return '-'
  return new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')
}
