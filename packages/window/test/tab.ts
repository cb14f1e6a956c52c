// A tab of Chromium that shows a window.

import { type Browser, launchChromium, type Page } from '@coreyard/browser/chromium'
import type { ServedWindow } from '@coreyard/window'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'

/** Far more than anything takes, in milliseconds. */
const TIMEOUT = 120_000

/** One Chromium for the tests of a file. */
export function useChromium(): { newTab(window: ServedWindow): Promise<Tab> } {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())
  return {
    async newTab(window) {
      const page = await browser.newPage()
      const errors: unknown[] = []
      page.on('pageerror', (error) => errors.push(error))
      await page.setViewport({ width: 1280, height: 760 })
      await page.goto(window.address)
      onTestFinished(async () => {
        await page.close()
        expect(errors).toEqual([])
      })
      return new Tab(page)
    },
  }
}

export class Tab {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** Waits until an expression of the page holds. */
  async until(expression: string): Promise<void> {
    await this.page.waitForFunction(expression, { timeout: TIMEOUT })
  }

  /** Waits until an element has a text in it. */
  async untilText(selector: string, text: string): Promise<void> {
    await this.until(
      `[...document.querySelectorAll(${json(selector)})].some((each) => each.textContent.includes(${json(text)}))`,
    )
  }

  /** The names of the cores whose rows are in the document, from top to bottom. */
  async names(): Promise<string[]> {
    const rows = "[...document.querySelectorAll('#core-list .row')]"
    const sorted = `${rows}.sort((one, other) => one.ariaRowIndex - other.ariaRowIndex)`
    return (await this.page.evaluate(
      `${sorted}.map((row) => row.querySelector('.name').textContent)`,
    )) as string[]
  }

  /** Waits until the rows have names as asked for. The page draws a frame after it has counted. */
  async untilNames(isAsked: (names: string[]) => boolean): Promise<void> {
    await expect.poll(async () => isAsked(await this.names()), { timeout: TIMEOUT }).toBe(true)
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  async click(selector: string): Promise<void> {
    await this.until(`document.querySelector(${json(selector)}) !== null`)
    await this.page.click(selector)
  }
}

function json(text: string): string {
  return JSON.stringify(text)
}
