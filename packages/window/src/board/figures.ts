// Numbers as both windows show them.

/** In a second; an empty text for none. */
export function rate(value: number): string {
  if (value <= 0) return ''
  return value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en')
}

/** `37%`; all of it only if it is all. */
export function percent(have: number, total: number): string {
  if (total === 0) return '0%'
  return `${have >= total ? 100 : Math.min(99, Math.floor((have / total) * 100))}%`
}
