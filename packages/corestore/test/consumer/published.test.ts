// What npm shows of a package: its manifest, its files and its README. Of the tarballs, as they would be published.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Consumer, installPacked, packageFolders, ROOT } from './packed.js'

const REPOSITORY = 'https://github.com/coreyard/coreyard'
let consumer: Consumer

beforeAll(() => {
  consumer = installPacked()
})
afterAll(() => consumer.remove())

describe.each(packageFolders())('the package %s', (folder) => {
  const installed = (...path: string[]) => join(consumer.directory, 'node_modules/@coreyard', folder, ...path)

  test('says where it comes from, where faults go, what it is about, and how it is published', () => {
    const manifest = JSON.parse(readFileSync(installed('package.json'), 'utf8'))
    expect(manifest).toMatchObject({
      homepage: `${REPOSITORY}/tree/main/packages/${folder}#readme`,
      bugs: { url: `${REPOSITORY}/issues` },
      repository: { type: 'git', url: `git+${REPOSITORY}.git`, directory: `packages/${folder}` },
      license: 'MIT',
      engines: { node: '>=20.19' },
      publishConfig: { access: 'public', provenance: true },
      sideEffects: expect.anything(),
    })
    expect(manifest.description.length).toBeGreaterThan(20)
    expect(manifest.keywords.length).toBeGreaterThan(3)
  })

  test('has the license of the repository', () => {
    expect(readFileSync(installed('LICENSE'), 'utf8')).toBe(readFileSync(join(ROOT, 'LICENSE'), 'utf8'))
  })

  test('has no leftovers of a build, and no tests of its own', () => {
    const files = readdirSync(installed(), { recursive: true }).map(String)
    expect(files.filter((file) => /\.tsbuildinfo$|\.test\.|\.turbo|^test\//.test(file))).toEqual([])
  })

  test('has a README whose links lead to the same place on npm as in the repository', () => {
    const readme = readFileSync(installed('README.md'), 'utf8')
    const links = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
    expect(links.filter((link) => !link.startsWith('https://') && !link.startsWith('#'))).toEqual([])
    const inside = links.filter((link) => link.startsWith(`${REPOSITORY}/`))
    const broken = inside.filter((link) => {
      const [, path = ''] = link.split(/\/(?:tree|blob)\/main\/|#/)
      return !existsSync(join(ROOT, path))
    })
    expect(broken).toEqual([])
  })
})
