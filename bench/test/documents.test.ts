import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { barChart, THEMES } from '../src/bar-chart.js'
import { charts } from '../src/charts.js'
import { renderDocument } from '../src/documents.js'
import { CHARTS, DOCUMENT, RESULTS } from '../src/files.js'
import { readResults } from '../src/results.js'
import { resultsOf } from './helpers/results.js'

describe('docs/performance.md', () => {
  const results = readResults(RESULTS)

  test('says what the results say', () => {
    const document = readFileSync(DOCUMENT, 'utf8')
    expect(document).toBe(renderDocument(document, results))
  })

  test.each([...charts(results)])('shows %s as the results have it', (name, svg) => {
    expect(readFileSync(join(CHARTS, name), 'utf8')).toBe(svg)
    expect(readFileSync(DOCUMENT, 'utf8')).toContain(`](performance/${name})`)
  })

  test('that lacks a section is refused', () => {
    expect(() => renderDocument('# Performance', results)).toThrow(
      expect.objectContaining({
        code: 'BAD_FILE',
        message: expect.stringContaining('<!-- bench:machine -->'),
      }),
    )
  })
})

describe('a chart', () => {
  const chart = barChart({
    title: 'Apples & pears',
    scale: 'times',
    series: ['one', 'other'],
    groups: [
      { title: 'more', values: [8, null] },
      { title: 'less', values: [0.25, 1] },
    ],
  })

  test('has a bar and its number for each value', () => {
    expect(chart.match(/<rect class="bar0" x="[^"]+" y="\d{3}/g)).toHaveLength(2)
    expect(chart.match(/<rect class="bar1" x="[^"]+" y="\d{3}/g)).toHaveLength(1)
    expect(chart.match(/>[\d.]+x<\/text>/g)).toEqual(
      expect.arrayContaining(['>8.00x</text>', '>0.25x</text>', '>1.00x</text>']),
    )
  })

  test('draws what is more to the right of 1, and what is less to the left', () => {
    const one = Number(/class="one" x1="([\d.]+)"/.exec(chart)?.[1])
    const bars = [...chart.matchAll(/<rect class="bar0" x="([\d.]+)" y="\d{3}" width="([\d.]+)"/g)]
    const [more, less] = bars.map(([, x, width]) => ({ from: Number(x), to: Number(x) + Number(width) }))
    expect(more?.from).toBe(one)
    expect(less?.to).toBeCloseTo(one, 0)
    // 8 is three powers of two away, 1/4 is two.
    expect(((more?.to ?? 0) - one) / (one - (less?.from ?? 0))).toBeCloseTo(1.5, 1)
  })

  test('escapes what it is told', () => {
    expect(chart).toContain('Apples &amp; pears')
  })

  test.each(Object.entries(THEMES))('can be read on %s pages', (_, { background, text, faint, bars }) => {
    for (const colour of [text, faint]) expect(contrast(colour, background)).toBeGreaterThan(4.5)
    for (const colour of bars) expect(contrast(colour, background)).toBeGreaterThan(3)
  })

  test('changes with the theme of the page', () => {
    const [light = '', dark = ''] = chart.split('@media (prefers-color-scheme: dark)')
    expect(light).toContain(THEMES.light.background)
    expect(dark).toContain(THEMES.dark.background)
  })

  test('is one of nothing where nothing was measured', () => {
    for (const svg of charts(resultsOf()).values()) expect(svg).not.toContain('NaN')
  })
})

/** The contrast ratio of two colours, as WCAG 2 defines it. */
function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
