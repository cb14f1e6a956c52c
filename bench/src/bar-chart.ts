// A bar chart as SVG: groups of bars on a logarithmic scale, from a line at 1 to the right where it is more, to the left where it
// is less. It has its own background and two sets of colours, so that it can be read on light and dark pages alike.

export interface BarChart {
  readonly title: string
  /** What the scale says. */
  readonly scale: string
  /** At most as many as there are colours. */
  readonly series: readonly string[]
  readonly groups: readonly BarGroup[]
}

export interface BarGroup {
  readonly title: string
  /** One for each series, above 0; `null` for no bar. */
  readonly values: readonly (number | null)[]
}

/** Colours of the two themes: of the bars, each with a contrast of 3 and more to the background, and of text, 4.5 and more. */
export const THEMES = {
  light: {
    background: '#ffffff',
    text: '#1f2328',
    faint: '#59636e',
    line: '#d1d9e0',
    bars: ['#0969da', '#bc4c00', '#6e7781'],
  },
  dark: {
    background: '#0d1117',
    text: '#f0f6fc',
    faint: '#9198a1',
    line: '#3d444d',
    bars: ['#4493f8', '#f0883e', '#8b949e'],
  },
} as const

const WIDTH = 860
const LABELS = 350
const MARGIN = 16
const BAR = 13
const GAP = 10
/** Room for the number beside the longest bar. */
const NUMBERS = 52
const PLOT = { from: LABELS + NUMBERS, to: WIDTH - MARGIN - NUMBERS }

export function barChart({ title, scale, series, groups }: BarChart): string {
  const limits = limitsOf(groups.flatMap(({ values }) => values))
  const x = (value: number) =>
    PLOT.from + ((Math.log2(value) - limits.least) / (limits.most - limits.least)) * (PLOT.to - PLOT.from)
  const legendTop = 52
  const top = legendTop + 46
  const height = BAR * series.length + GAP
  const bottom = top + groups.length * height
  const ticks = Array.from({ length: limits.most - limits.least + 1 }, (_, i) => 2 ** (limits.least + i))
  const parts = [
    text(MARGIN, 28, title, 'title'),
    ...series.flatMap((name, i) => legend(legendTop, i, name)),
    text(PLOT.from, top - 22, scale, 'faint'),
    ...ticks.flatMap((tick) => [
      `<line class="${tick === 1 ? 'one' : 'tick'}" x1="${round(x(tick))}" x2="${round(x(tick))}" y1="${top - 4}" y2="${bottom}"/>`,
      text(x(tick), top - 8, tickLabel(tick), 'faint middle'),
    ]),
    ...groups.flatMap((group, i) => bars(group, top + i * height, x)),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + MARGIN}" width="${WIDTH}" role="img" aria-labelledby="title">
<title id="title">${escaped(title)}</title>
<style>
${styles()}
</style>
<rect class="background" width="100%" height="100%"/>
${parts.join('\n')}
</svg>
`
}

function bars({ title, values }: BarGroup, top: number, x: (value: number) => number): string[] {
  const middle = top + GAP / 2 + (values.length * BAR) / 2
  const parts = [text(LABELS, middle + 4, title, 'end')]
  for (const [i, value] of values.entries()) {
    if (value === null) continue
    const y = top + GAP / 2 + i * BAR
    const [from, to] = value < 1 ? [x(value), x(1)] : [x(1), x(value)]
    // A bar of no length would not be seen.
    parts.push(
      `<rect class="bar${i}" x="${round(from)}" y="${y + 1}" width="${round(Math.max(1, to - from))}" height="${BAR - 2}"/>`,
    )
    parts.push(
      value < 1
        ? text(from - 4, y + BAR - 3, valueLabel(value), 'number end')
        : text(to + 4, y + BAR - 3, valueLabel(value), 'number'),
    )
  }
  return parts
}

function legend(y: number, index: number, name: string): string[] {
  const x = MARGIN + index * 200
  return [
    `<rect class="bar${index}" x="${x}" y="${y - 9}" width="12" height="11"/>`,
    text(x + 18, y, name, ''),
  ]
}

function styles(): string {
  const rules = ({ background, text, faint, line, bars }: (typeof THEMES)['light' | 'dark']) => [
    `.background { fill: ${background} }`,
    `text { fill: ${text}; font: 12px system-ui, sans-serif }`,
    `.faint { fill: ${faint} }`,
    `.tick { stroke: ${line} }`,
    `.one { stroke: ${text} }`,
    ...bars.map((colour, i) => `.bar${i} { fill: ${colour} }`),
  ]
  return [
    ...rules(THEMES.light),
    '.title { font-size: 16px; font-weight: 600 }',
    '.number { font-size: 11px }',
    '.end { text-anchor: end }',
    '.middle { text-anchor: middle }',
    '@media (prefers-color-scheme: dark) {',
    ...rules(THEMES.dark).map((rule) => `  ${rule}`),
    '}',
  ].join('\n')
}

/** Powers of two around all values, and 1 within. */
function limitsOf(values: readonly (number | null)[]): { least: number; most: number } {
  const logarithms = values.flatMap((value) => (value === null ? [] : [Math.log2(value)]))
  return {
    least: Math.min(-1, ...logarithms.map(Math.floor)),
    most: Math.max(1, ...logarithms.map(Math.ceil)),
  }
}

function tickLabel(tick: number): string {
  return tick < 1 ? `1/${1 / tick}` : `${tick}x`
}

function valueLabel(value: number): string {
  return `${value.toFixed(value < 9.95 ? 2 : value < 99.5 ? 1 : 0)}x`
}

function text(x: number, y: number, content: string, classes: string): string {
  return `<text class="${classes}" x="${round(x)}" y="${round(y)}">${escaped(content)}</text>`
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
