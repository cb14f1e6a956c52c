// What the demo feeds the writer: the lines of text files, and none of them twice. A journal beside the stores says which
// lines were handed over in which order, so that a later run goes on where the last one ended, and feeds what is new.

import { createHash } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'

/** Lines of one source that were handed over: those from `from` to `to`, exclusive. */
interface Segment {
  /** A file's absolute path; `null` for lines that no file is known to have any more. */
  readonly source: string | null
  readonly from: number
  readonly to: number
  /** Hash of the source's lines up to `to`: tells whether it still begins with them. */
  readonly hash: string
}

/**
 * The lines of `files` that the writer does not hold yet. They are in the journal when this settles.
 *
 * @param held how many lines the writer holds: fewer than in the journal, if the last run was cut short
 */
export async function feedFiles(
  journalFile: string,
  files: readonly string[],
  held: number,
): Promise<readonly string[]> {
  const journal = await readJournal(journalFile, held)
  const lines: string[] = []
  for (const file of files) {
    const source = resolve(file)
    const content = splitLines(await readFile(source, 'utf8'))
    const last = journal.findLast((segment) => segment.source === source)
    const from = last !== undefined && hashLines(content, last.to) === last.hash ? last.to : 0
    if (from === content.length) continue
    journal.push({ source, from, to: content.length, hash: hashLines(content, content.length) })
    for (const line of content.slice(from)) lines.push(line)
  }
  await writeJournal(journalFile, journal)
  return lines
}

/** The lines of a text of which nothing is known the next time. They are in the journal when this settles. */
export async function feedText(journalFile: string, text: string, held: number): Promise<readonly string[]> {
  const lines = splitLines(text)
  await writeJournal(journalFile, [...(await readJournal(journalFile, held)), unknown(lines.length)])
  return lines
}

/** The journal of what the writer really got: `held` lines. */
async function readJournal(file: string, held: number): Promise<Segment[]> {
  const kept: Segment[] = []
  let left = held
  for (const segment of await storedJournal(file)) {
    const size = Math.min(segment.to - segment.from, left)
    if (size > 0) kept.push(await cutShort(segment, size))
    left -= size
  }
  if (left > 0) kept.push(unknown(left))
  return kept
}

/** The first `size` lines of a segment. If its source has changed since, they no longer count as lines of it. */
async function cutShort(segment: Segment, size: number): Promise<Segment> {
  const { source, from, to } = segment
  if (from + size === to || source === null) return { ...segment, to: from + size }
  const content = splitLines(await readFile(source, 'utf8').catch(() => ''))
  if (hashLines(content, to) !== segment.hash) return unknown(size)
  return { source, from, to: from + size, hash: hashLines(content, from + size) }
}

function unknown(size: number): Segment {
  return { source: null, from: 0, to: size, hash: '' }
}

/** The lines of a text, without their ends; a last line without one counts, nothing after the last end does not. */
export function splitLines(text: string): string[] {
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

function hashLines(lines: readonly string[], end: number): string {
  const hash = createHash('sha256')
  for (const line of lines.slice(0, end)) hash.update(line).update('\n')
  return hash.digest('hex')
}

async function storedJournal(file: string): Promise<Segment[]> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

async function writeJournal(file: string, journal: readonly Segment[]): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(journal))
  await rename(`${file}.new`, file)
}
