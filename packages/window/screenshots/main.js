// The pictures of the README: `npm run screenshots`. A store at work is shown by the real window in Chromium, and by the real terminal
// window in an emulator, whose cells become an SVG.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchChromium } from '@coreyard/browser/chromium'
import { serveWindow, storeSource } from '@coreyard/window'
import { playScene } from './scene.js'
import { pictureOfTerminal } from './terminal.js'

const IMAGES = new URL('../../../docs/images/', import.meta.url).pathname
/** How long the scene plays before the first picture, in milliseconds. */
const BEFORE = 20_000

mkdirSync(IMAGES, { recursive: true })
const directory = mkdtempSync(join(tmpdir(), 'coreyard-screenshots-'))
const scene = await playScene(join(directory, 'my-app'))
try {
  await ofWindow()
  writeFileSync(join(IMAGES, 'top.svg'), await pictureOfTerminal(storeSource(scene.store)))
} finally {
  await scene.end()
  rmSync(directory, { recursive: true })
}
process.exit()

async function ofWindow() {
  const window = await serveWindow(storeSource(scene.store))
  const browser = await launchChromium()
  const page = await browser.newPage()
  // No row is to be on its way.
  const still = { name: 'prefers-reduced-motion', value: 'reduce' }
  const inScheme = (value) => page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }, still])
  await page.setViewport({ width: 1120, height: 640, deviceScaleFactor: 1.5 })
  await inScheme('light')
  await page.goto(window.address)
  await pause(BEFORE)
  await page.screenshot({ path: join(IMAGES, 'window-light.png') })
  await inScheme('dark')
  for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
  await pause(3000)
  await page.screenshot({ path: join(IMAGES, 'window-dark.png') })
  await browser.close()
  await window.close()
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
