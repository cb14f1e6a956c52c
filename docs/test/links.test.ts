// Links within the repository, in every document: to files that are there, and to headings that are there.

import { existsSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../../packages/corestore/test/consumer/packed.js'
import { type Document, documents } from './documents.js'

const HERE = /^https:\/\/github\.com\/coreyard\/coreyard\/(?:tree|blob)\/main\//
const DOCUMENTS = documents()

test.each(DOCUMENTS)('the links of $path lead somewhere', (document) => {
  expect(links(document).filter((link) => !leadsSomewhere(link, document))).toEqual([])
})

test('every document is linked from another one, or stands where readers look for it', () => {
  const found = new Set(
    DOCUMENTS.flatMap((document) => links(document).map((link) => target(link, document)?.path)),
  )
  const alone = DOCUMENTS.filter(({ path }) => path.startsWith('docs/') && !found.has(path))
  expect(alone.map(({ path }) => path)).toEqual([])
})

function links({ text }: Document): string[] {
  const prose = text.replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)|<img[^>]* src="([^"]+)"/g)].map(
    ([, link, image]) => link ?? image ?? '',
  )
}

/** Where a link into the repository leads; `null` for one to another site. */
function target(link: string, { path: from }: Document): { path: string; heading: string } | null {
  const inside = link.replace(HERE, '/')
  if (/^[a-z]+:/.test(inside)) return null
  const [path = '', heading = ''] = inside.split('#')
  if (path === '') return { path: from, heading }
  return { path: normalize(path.startsWith('/') ? path.slice(1) : join(dirname(from), path)), heading }
}

function leadsSomewhere(link: string, document: Document): boolean {
  const to = target(link, document)
  if (to === null) return true
  const file = join(ROOT, to.path)
  if (!existsSync(file)) return false
  if (to.heading === '') return true
  const isFolder = statSync(file).isDirectory()
  if (isFolder && to.heading === 'readme') return true // of GitHub, which shows README.md below the files
  const path = isFolder ? join(to.path, 'README.md') : to.path
  const { text = '' } = DOCUMENTS.find((other) => other.path === path) ?? {}
  return anchors(text).has(to.heading)
}

/** The anchors that GitHub gives to headings, and those that a document names itself. */
function anchors(text: string): Set<string> {
  const prose = text.replaceAll(/```[\s\S]*?```/g, '')
  const named = [...prose.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, name = '']) => name)
  const headings = [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  )
  return new Set([...named, ...headings])
}
