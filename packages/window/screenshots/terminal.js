// The window in a terminal as an SVG, made of the cells that an emulator shows. Fonts differ: each run of text is as wide as its cells,
// and blocks are drawn.

import { PassThrough, Writable } from 'node:stream'
import { showTop } from '@coreyard/window/terminal'
import xterm from '@xterm/headless'

const [COLUMNS, ROWS] = [110, 28]
/** The size of a cell. */
const [WIDTH, HEIGHT] = [8.4, 18]
const PADDING = 14
const BACK = '#11161a'
const INK = '#d7dee2'
/** By the numbers of the terminal. */
const COLORS = { 1: '#ff7b72', 2: '#3fc7a4', 3: '#ffcf7a', 5: '#c3a6ff', 6: '#62cfe2' }
const BLOCKS = { '█': 1, '▓': 0.75, '▒': 0.5, '░': 0.25 }
/** How long the terminal is watched before the picture, in milliseconds. */
const BEFORE = 12_000

export async function pictureOfTerminal(source) {
  const terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true })
  const output = new Writable({
    decodeStrings: false,
    write: (text, _encoding, done) => terminal.write(text, done),
  })
  const end = new AbortController()
  const streams = {
    input: new PassThrough(),
    output: Object.assign(output, { columns: COLUMNS, rows: ROWS }),
  }
  const shown = showTop(source, streams, { signal: end.signal })
  await new Promise((resolve) => setTimeout(resolve, BEFORE))
  const picture = draw(terminal.buffer.active)
  end.abort()
  await shown
  return picture
}

function draw(buffer) {
  const [width, height] = [COLUMNS * WIDTH + 2 * PADDING, ROWS * HEIGHT + 2 * PADDING]
  const parts = []
  for (let row = 0; row < ROWS; row++) {
    const line = buffer.getLine(row)
    for (const run of runsOf(line)) parts.push(drawRun(run, row))
  }
  const style = `font:14px ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img"><title>coreyard top</title><rect width="${width}" height="${height}" rx="10" fill="${BACK}"/><g style='${style}'>${parts.join('')}</g></svg>\n`
}

/** Cells next to each other that look the same; spaces end one of text. */
function* runsOf(line) {
  let run = null
  for (let column = 0; column < COLUMNS; column++) {
    const cell = line.getCell(column)
    const character = cell.getChars() || ' '
    const looks = [
      cell.isBold(),
      cell.isDim(),
      cell.isInverse(),
      cell.getFgColor(),
      character in BLOCKS && character,
    ]
    const id = looks.join()
    if (run?.id !== id) {
      if (run !== null) yield run
      run = { id, start: column, text: '', looks }
    }
    run.text += character
  }
  yield run
}

function drawRun({ start, text, looks: [isBold, isDim, isInverse, color, block] }, row) {
  const [x, y] = [PADDING + start * WIDTH, PADDING + row * HEIGHT]
  const ink = COLORS[color] ?? INK
  const size = `width="${round(text.length * WIDTH)}"`
  if (block) {
    const opacity = isDim ? 0.16 : BLOCKS[block]
    const fill = isDim ? INK : ink
    return `<rect x="${round(x)}" y="${y + 3}" ${size} height="12" fill="${fill}" opacity="${opacity}"/>`
  }
  const back = isInverse ? `<rect x="${round(x)}" y="${y}" ${size} height="${HEIGHT}" fill="${INK}"/>` : ''
  const weight = isBold ? ' font-weight="700"' : ''
  const opacity = isDim ? ' opacity="0.6"' : ''
  const words = [...text.matchAll(/\S+(?: \S+)*/g)].map(
    ({ 0: word, index }) =>
      `<text x="${round(x + index * WIDTH)}" y="${y + 13.5}" textLength="${round(word.length * WIDTH)}" fill="${isInverse ? BACK : ink}"${weight}${opacity}>${escaped(word)}</text>`,
  )
  return back + words.join('')
}

function round(value) {
  return Math.round(value * 10) / 10
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
