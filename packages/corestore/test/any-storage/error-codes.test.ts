// docs/errors.md: one section for each code that a package throws, and no other.

import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const ROOT = new URL('../../../../', import.meta.url)
const PACKAGES = [
  'convert',
  'corestore',
  'inspector',
  'keychain',
  'random-access-kv',
  'replicator',
  'sessions',
  'storage',
]

const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8')

/** The source files of the packages that make errors. */
function sources(): string[] {
  return PACKAGES.flatMap((name) => {
    const folder = `packages/${name}/src/`
    const files = readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
    return files
      .filter((file) => file.endsWith('.ts') && !file.startsWith('test'))
      .map((file) => read(folder + file))
  })
}

/** The codes of the types `…ErrorCode`, which are all that the classes take. */
function declaredCodes(): string[] {
  const declarations = sources().flatMap(
    (source) => source.match(/^export type \w+ErrorCode =[^=]*?\n\n/gm) ?? [],
  )
  return [
    ...new Set(declarations.flatMap((declaration) => declaration.match(/(?<=')[A-Z_]+(?=')/g) ?? [])),
  ].sort()
}

interface Section {
  readonly code: string
  readonly text: string
}

function sections(): Section[] {
  const [ours = ''] = read('docs/errors.md').split('\n## Errors of Hypercore')
  return ours
    .split(/^### /m)
    .slice(1)
    .map((text) => ({ code: text.slice(0, text.indexOf('\n')), text }))
}

test('each code of the packages has one section in docs/errors.md, and each section is that of a code', () => {
  const codes = declaredCodes()
  expect(codes.length).toBeGreaterThan(40)
  expect(
    sections()
      .map(({ code }) => code)
      .sort(),
  ).toEqual(codes)
})

test.each(sections().map(({ code, text }) => [code, text]))(
  'the section of %s has the message, why it is thrown, and what to do',
  (_, text) => {
    expect(text).toMatch(/\n\n(> \S.*\n(>\n)?)+\n(Class: .+\n\n)?\*\*Why:\*\* .+\n\n\*\*What to do:\*\* .+/)
  },
)

test('each code is thrown somewhere', () => {
  const all = sources().join('\n')
  const unused = declaredCodes().filter((code) => (all.match(new RegExp(`'${code}'`, 'g')) ?? []).length < 2)
  expect(unused).toEqual([])
})

test('each code that a README names has a section in docs/errors.md', () => {
  const known = new Set(sections().map(({ code }) => code))
  const named = PACKAGES.flatMap(
    (name) => read(`packages/${name}/README.md`).match(/(?<=`)(?:STORAGE|KV)_[A-Z_]+(?=`)/g) ?? [],
  )
  expect(named.filter((code) => !known.has(code))).toEqual([])
})
