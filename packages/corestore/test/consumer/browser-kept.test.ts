// What a browser keeps: a store in its files, when tabs, workers and the browser itself end in the midst of it.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchChromium } from '@coreyard/browser/chromium'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Site, type Tab } from './site.js'

/** How many blocks a store has acknowledged before something happens to it. */
const ENOUGH = 30
/** How often the browser is killed. */
const KILLS = 3
/** A tab has its store until the browser has ended its worker, however long that takes. */
const AFTER_THE_TAB = { wait: true }

const profile = mkdtempSync(join(tmpdir(), 'coreyard-chromium-'))
let site: Site
let page: string
/** Of the store of a test. */
let name: string
let stores = 0
beforeAll(async () => {
  site = await Site.start(profile)
  page = await site.bundledByEsbuild('kept')
})
afterAll(async () => {
  await site.close()
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
})
beforeEach(() => {
  name = `store ${stores++}`
  site.told.length = 0
})

test('a browser that is killed while a store appends loses nothing that was acknowledged', async () => {
  for (let kill = 0; kill < KILLS; kill++) {
    site.told.length = 0
    const tab = await opened({ recovery: false })
    await tab.call('appendOn')
    await site.toldAtLeast(ENOUGH)
    await killBrowser()
    await expectKept(Math.max(...site.told.map(Number)))
  }
})

test('a tab that is closed while its store appends loses nothing that was acknowledged', async () => {
  const tab = await opened()
  await tab.call('appendOn')
  await site.toldAtLeast(ENOUGH)
  await tab.close()
  await expectKept(Math.max(...site.told.map(Number)))
})

test('a page that is loaded again has its store back', async () => {
  const tab = await opened()
  expect(await tab.call('append', { text: 'a' })).toBe(1)
  await tab.page.reload()
  expect(await tab.call('open', name, { ...AFTER_THE_TAB, recovery: false })).toBe(null)
  expect(await tab.call('append', { text: 'b' })).toBe(2)
  expect(await tab.call('check')).toMatchObject({ blocks: [{ text: 'a' }, { text: 'b' }] })
})

test('a second tab is refused while the first one has the store, and opens it when that was closed', async () => {
  const first = await opened()
  const second = await site.open(page)
  expect(await second.call('open', name, {})).toBe('STORAGE_LOCKED')
  await second.call('close')
  const waiting = second.call('open', name, { wait: true })
  await first.close()
  expect(await waiting).toBe(null)
})

test('a store in a full origin refuses what has no room, keeps all before, and goes on when there is room', async () => {
  const tab = await opened()
  const { origin } = site
  await tab.page.setQuota(origin, 8_000_000)
  const { code, accepted } = (await tab.call('fill', 200_000)) as { code: string; accepted: number }
  expect(code).toBe('STORAGE_FULL')
  expect(accepted).toBeGreaterThan(0)
  await tab.page.setQuota(origin, 100_000_000)
  expect(await tab.call('append', { text: 'there is room again' })).toBe(accepted + 1)
  await tab.call('close')
  await tab.page.reload()
  expect(await tab.call('open', name, {})).toBe(null)
  const { blocks } = (await tab.call('check')) as Kept
  expect(blocks).toHaveLength(accepted + 1)
})

interface Kept {
  readonly blocks: readonly { index: number }[]
  readonly audits: readonly { corrupt: boolean; blocks: number }[]
}

async function opened(options: object = {}): Promise<Tab> {
  const tab = await site.open(page)
  expect(await tab.call('open', name, options)).toBe(null)
  return tab
}

/** Opens the store again: it has at least that many blocks, each of them what was appended, and nothing is damaged. */
async function expectKept(acknowledged: number): Promise<void> {
  const tab = await opened({ ...AFTER_THE_TAB, recovery: false })
  const { blocks, audits } = (await tab.call('check')) as Kept
  expect(blocks.length).toBeGreaterThanOrEqual(acknowledged)
  expect(blocks).toEqual(blocks.map((_, index) => ({ index })))
  expect(audits).toMatchObject([{ corrupt: false, blocks: blocks.length }])
  await tab.call('close')
  await tab.close()
}

async function killBrowser(): Promise<void> {
  await site.browser.kill()
  site.browser = await launchChromium(profile)
}
