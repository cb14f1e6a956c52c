// The documents of the repository, and what their code blocks hold.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../packages/corestore/test/consumer/packed.js'

/** A Markdown file of the repository. */
export interface Document {
  /** Its path from the root of the repository. */
  readonly path: string
  readonly text: string
}

/** A fenced block of code. */
export interface Block {
  /** Where it is: `docs/errors.md:7`. */
  readonly place: string
  /** `js`, `ts`, `sh`, … */
  readonly language: string
  /** What follows the language: the name of the file that the block is to be saved as. */
  readonly file: string
  readonly code: string
  /** What the comment `<!-- snippet: … -->` above the block says; empty if there is none. */
  readonly note: string
}

/** A section about the errors with one code. */
export interface ErrorSection {
  readonly code: string
  /** A part of a message that varies is `…`. */
  readonly messages: readonly string[]
}

/** All tracked Markdown files, and those that are new. */
export function documents(): Document[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md']
  const paths = execFileSync('git', args, { cwd: ROOT }).toString().trim().split('\n')
  return paths.map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
}

/** The sections of docs/errors.md, in order: the code of an error, and the messages that are shown of it. */
export function errorSections(): { ours: ErrorSection[]; hypercore: ErrorSection[] } {
  const page = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8')
  const [ours = [], hypercore = []] = page.split('\n## Errors of Hypercore').map(sectionsOf)
  return { ours, hypercore }
}

function sectionsOf(text: string): ErrorSection[] {
  return text
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [code = '', ...lines] = section.split('\n')
      return { code, messages: lines.filter((line) => line.startsWith('> ')).map((line) => line.slice(2)) }
    })
}

/** The fenced blocks of a document, in order. */
export function blocks({ path, text }: Document): Block[] {
  const pattern = /(?:<!-- snippet: (.*) -->\n\n?)?^```(\w*) ?(.*)\n((?:.*\n)*?)```$/gm
  return [...text.matchAll(pattern)].map(
    ([all, note = '', language = '', file = '', code = ''], index, found) => {
      const start = (found[index]?.index ?? 0) + all.indexOf('```')
      const line = text.slice(0, start).split('\n').length
      return { place: `${path}:${line}`, language, file, code, note }
    },
  )
}

/** The packages that the install commands of a document install, by name. */
export function installed({ text }: Document): Set<string> {
  const commands = [...text.matchAll(/npm (?:install|i) ([^`\n]*)/g)].map(([, args = '']) => args)
  const packages = commands.flatMap((args) => args.split(' ').filter((arg) => !arg.startsWith('-')))
  return new Set(packages.map((name) => name.replace(/(?<=.)@.*$/, '')))
}

/** The packages that a program imports: without modules of Node.js and files of its own. */
export function imported(code: string): Set<string> {
  const specifiers = [
    ...code.matchAll(/(?:from|^import|import\(|require\(|<reference types=)\s*['"]([^'"]+)['"]/gm),
  ].map(([, specifier = '']) => specifier)
  const foreign = specifiers.filter((specifier) => !/^(node:|\.)/.test(specifier))
  return new Set(
    foreign.map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    ),
  )
}
