// The window in a real Chromium.

import { expect, test } from 'vitest'
import { connect, fill, openStore, openWindow, write } from './stores.js'
import { useChromium } from './tab.js'

const chromium = useChromium()

test('of 1,000 cores only those rows are in the document that can be seen', async () => {
  const store = openStore()
  await fill(store, 1000)
  const tab = await chromium.newTab(await openWindow(store))
  await tab.untilText('#cores-count', '1,000')
  await tab.page.evaluate(
    "document.querySelector('#sort').value = 'name'; document.querySelector('#sort').dispatchEvent(new Event('change'))",
  )
  await tab.until("document.querySelector('#core-list .name').textContent === 'core 0'")
  expect((await tab.names()).length).toBeLessThan(60)
  await tab.page.evaluate("document.querySelector('#core-list').scrollTop = 1e9")
  await tab.untilNames((names) => names.at(-1) === 'core 999')
  expect((await tab.names()).length).toBeLessThan(60)
})

test('a strip fills as blocks arrive, with the peer, the rates and the events', async () => {
  const [store, other] = [openStore(), openStore()]
  const there = await write(other, 'from afar', 40)
  const here = store.get({ key: there.key ?? undefined })
  await here.ready()
  const tab = await chromium.newTab(await openWindow(store))
  await tab.untilText('#peer-list', 'No peer is connected.')
  connect(store, other)
  await here.get(0)
  await tab.untilText('#core-list .blocks', '1 / 40 · 2%')
  await tab.untilText('#peer-list .card', '1 core')
  for (let index = 0; index < 40; index++) await here.get(index)
  await tab.untilText('#peer-list .of-core .have', '100%')
  await tab.until("document.querySelector('#core-list .strip').ariaLabel === '100% is here'")
  await tab.until(
    "document.querySelector('#core-list .settled').getAttribute('d') === 'M0.00 0h1000.00v1H0.00z'",
  )
  await tab.untilText('#last-event', 'is complete')
  await tab.click('#events-toggle')
  await tab.untilText('#event-list li', 'joined')
})

test('a click on a core explains it, and one on its peer explains both', async () => {
  const [store, other] = [openStore(), openStore()]
  const core = await write(store, 'chat', 3)
  connect(store, other)
  await other.get({ key: core.key ?? undefined }).get(0)
  const tab = await chromium.newTab(await openWindow(store))
  await tab.click('#core-list .row')
  await tab.untilText('#details .verdict', 'Nothing stands in the way.')
  await tab.untilText('#details .ladder code', 'CHANNEL_OPEN')
  await tab.untilText('#details-title', 'chat')
  await tab.click('#details .other')
  await tab.untilText('#details-title', 'chat with ')
  await tab.untilText('#details dt', 'In flight')
  await tab.click('#details .back')
  await tab.until("document.querySelector('#details-title').textContent === 'chat'")
  await tab.click('#details .close')
  await tab.click('#peer-list .row')
  await tab.untilText('#details-title', 'Peer ')
  await tab.untilText('#details .other .name', 'chat')
})

test('a core without a connection is explained with what to do', async () => {
  const store = openStore()
  await write(store, 'alone')
  const tab = await chromium.newTab(await openWindow(store))
  await tab.click('#core-list .row')
  await tab.untilText('#details .verdict.problem', 'The store has no connection.')
  await tab.untilText('#details .remedy', 'Join the discovery key')
})

test('the keyboard alone filters, chooses, explains and goes back', async () => {
  const store = openStore()
  await fill(store, 300)
  const tab = await chromium.newTab(await openWindow(store))
  await tab.untilText('#cores-count', '300')
  await tab.press('/')
  await tab.page.keyboard.type('core 29')
  await tab.untilText('#cores-count', '11 of 300')
  await tab.press('Tab')
  await tab.press('N') // a list of choices takes what begins so
  await tab.press('Tab')
  const chosen = "document.querySelector('#core-list [aria-selected=true] .name')?.textContent"
  await tab.until(`${chosen} === 'core 29'`)
  await tab.press('ArrowDown', 'ArrowDown', 'ArrowUp')
  await tab.until(`${chosen} === 'core 290'`)
  await tab.until(
    "document.activeElement.getAttribute('aria-activedescendant') === document.querySelector('#core-list [aria-selected=true]').id",
  )
  await tab.press('End')
  await tab.until(`${chosen} === 'core 299'`)
  await tab.press('Enter')
  await tab.untilText('#details-title', 'core 299')
  await tab.press('Escape')
  await tab.until("document.querySelector('#details').hidden && document.activeElement.id === 'core-list'")
  await tab.press('/', 'Escape')
  await tab.until("document.querySelector('#cores-count').textContent === '300'")
  await tab.press('Tab')
  await tab.until("document.activeElement.id === 'peer-list'")
})

test.each(['light', 'dark'])(
  'a narrow screen in %s shows all without scrolling to the side',
  async (scheme) => {
    const store = openStore()
    await write(store, 'a name that is far too long for a narrow screen and goes on and on '.repeat(3), 7)
    const tab = await chromium.newTab(await openWindow(store))
    await tab.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    await tab.page.setViewport({ width: 340, height: 640 })
    await tab.untilText('#core-list .blocks', '7')
    const fits =
      'document.documentElement.scrollWidth <= 340 && document.querySelector("#core-list").scrollWidth <= 340'
    await tab.until(fits)
    const [back, ink] = (await tab.page.evaluate(
      '((style) => [style.backgroundColor, style.color].map((color) => Number(/\\d+/.exec(color)[0])))(getComputedStyle(document.body))',
    )) as [number, number]
    expect(back > ink).toBe(scheme === 'light')
    await tab.click('#core-list .row')
    await tab.untilText('#details .verdict', 'connection')
    await tab.until(fits)
    await tab.until("document.querySelector('#details').getBoundingClientRect().width === 340")
  },
)

test('names that are markup, control characters or very long are shown as text', async () => {
  const store = openStore()
  const names = [
    '<img src=x onerror="document.title=1"><script>document.title=1</script>',
    '\x1b[2J\u202egnirts\x07',
    'x'.repeat(4000),
  ]
  for (const name of names) await write(store, name)
  const tab = await chromium.newTab(await openWindow(store))
  await tab.untilNames((shown) => shown.length === 3)
  const shown = await tab.names()
  expect(shown.sort()).toEqual([names[0], '\\x1b[2J\\u{202e}gnirts\\x07', `${'x'.repeat(120)}…`].sort())
  for (const index of [1, 2, 3]) {
    await tab.click(`#core-list .row[aria-rowindex="${index}"]`)
    await tab.untilText('#details .ladder code', 'NO_CONNECTION')
    await tab.click('#details .close')
  }
  expect(
    await tab.page.evaluate("document.querySelectorAll('#core-list img, #core-list script').length"),
  ).toBe(0)
  await expect(tab.page.evaluate('document.title')).resolves.toBe('Coreyard')
})

test('the page says that the store is suspended, goes on when it resumes, and says when it is closed', async () => {
  const store = openStore()
  await write(store, 'chat')
  const tab = await chromium.newTab(await openWindow(store))
  await tab.untilText('#state', 'live')
  await store.suspend()
  await tab.untilText('#note', 'The store is suspended')
  await store.resume()
  await tab.until("document.querySelector('#note').hidden")
  await store.close()
  await tab.untilText('#note', 'The store is closed.')
  await tab.untilText('#state', 'waiting')
  expect(await tab.names()).toEqual(['chat'])
})

test('two pages show the same, and the page says when the command has ended', async () => {
  const store = openStore()
  const core = await write(store, 'chat')
  const window = await openWindow(store)
  const tabs = [await chromium.newTab(window), await chromium.newTab(window)]
  await core.append(['two', 'three'])
  for (const tab of tabs) await tab.untilText('#core-list .blocks', '3')
  await window.close()
  for (const tab of tabs) await tab.untilText('#note', 'does not answer')
})
