// docs/errors.md: every message that it shows is one that the sources make. What stands between the `…` of a message must be found there.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAst } from 'rolldown/parseAst'
import { expect, test } from 'vitest'
import { ROOT } from '../../packages/corestore/test/consumer/packed.js'
import { errorSections } from './documents.js'

/** Shorter pieces of text stand in any message. */
const LEAST = 8

const PIECES = textPieces()

test.each(messages())('the message of %s is one of the sources: %s', (_, message) => {
  expect(uncovered(message)).toEqual([])
})

test.each(messages())(
  'a word of the message of %s that the sources do not have is noticed: %s',
  (_, message) => {
    const words = message.match(/\p{L}{5,}/gu) ?? []
    const noticed = words.filter((word) => uncovered(message.replace(word, 'otherwise')).length > 0)
    expect(noticed.length).toBeGreaterThan(words.length / 2)
  },
)

/** The code and the message of each quoted line of the page, of the errors that are ours. */
function messages(): [code: string, message: string][] {
  return errorSections().ours.flatMap(({ code, messages }) =>
    messages.map((message): [string, string] => [code, message]),
  )
}

/** What of a message no text of the sources accounts for. */
function uncovered(message: string): string[] {
  return message.split('…').flatMap((part) => {
    const isCovered = Array.from(part, () => false)
    for (const piece of PIECES) {
      for (const [start, end] of placesOf(piece, part)) isCovered.fill(true, start, end)
    }
    const rest = Array.from(part, (character, index) => (isCovered[index] ? '\n' : character)).join('')
    return rest.split('\n').filter((text) => /\p{L}/u.test(text))
  })
}

/** Where a piece of text covers a part of a message. At the ends of the part, what follows of the piece may be left out. */
function placesOf(piece: string, part: string): [start: number, end: number][] {
  if (piece.includes(part)) return [[0, part.length]]
  const places: [number, number][] = []
  for (let at = part.indexOf(piece); at !== -1; at = part.indexOf(piece, at + 1)) {
    places.push([at, at + piece.length])
  }
  for (let length = Math.min(piece.length, part.length) - 1; length >= LEAST; length--) {
    if (part.endsWith(piece.slice(0, length))) places.push([part.length - length, part.length])
    if (part.startsWith(piece.slice(-length))) places.push([0, length])
  }
  return places
}

/** The texts that the sources of the packages have between the values that they put in. */
function textPieces(): string[] {
  const pieces = new Set<string>()
  for (const name of readdirSync(join(ROOT, 'packages'))) {
    const folder = join(ROOT, 'packages', name, 'src')
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || file.endsWith('.d.ts')) continue
      collect(parseAst(readFileSync(join(folder, file), 'utf8'), { lang: 'ts' }), pieces)
    }
  }
  return [...pieces].filter((piece) => piece.length >= LEAST)
}

function collect(node: unknown, pieces: Set<string>): void {
  if (typeof node !== 'object' || node === null) return
  const texts = joined(node)
  for (const text of texts ?? []) pieces.add(text)
  for (const value of Object.values(node)) collect(value, pieces)
}

/** The pieces of a string, a template or a sum of them; `null` for anything else. */
function joined(node: object): string[] | null {
  const { type, value, quasis, operator, left, right } = node as Partial<Record<string, unknown>>
  if (type === 'Literal' && typeof value === 'string') return [value]
  if (type === 'TemplateLiteral')
    return (quasis as { value: { cooked: string } }[]).map(({ value: { cooked } }) => cooked)
  if (type !== 'BinaryExpression' || operator !== '+') return null
  const [first, second] = [joined(left as object), joined(right as object)]
  if (first === null || second === null) return null
  return [...first.slice(0, -1), `${first.at(-1) ?? ''}${second[0] ?? ''}`, ...second.slice(1)]
}
