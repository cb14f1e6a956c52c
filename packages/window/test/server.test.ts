// Who may see the window, and what a page or a stranger can make it hold.

import { once } from 'node:events'
import { type ClientRequest, get, type IncomingMessage, request } from 'node:http'
import { connect as connectTo } from 'node:net'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { serveWindow, storeSource } from '@coreyard/window'
import { expect, onTestFinished, test } from 'vitest'
import { Client } from '../src/server/client.js'
import { isOwnHost } from '../src/server/guard.js'
import { Feed } from '../src/source/feed.js'
import { openStore, openWindow, write } from './stores.js'

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

test('a window is served on 127.0.0.1 alone, by an address with a token of 256 bits', async () => {
  const [one, other] = [await openWindow(openStore()), await openWindow(openStore())]
  const token = /^http:\/\/127\.0\.0\.1:\d+\/([\w-]{43})\/$/.exec(one.address)?.[1]
  expect(token).toBeDefined()
  expect(other.address).not.toContain(token)
  const answer = await ask(one.address)
  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } })
  const socket = connectTo({ host: '127.0.0.2', port: Number(new URL(one.address).port) })
  await expect(once(socket, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test.each(['', 'page.js', 'style.css', 'events', 'explain?core=x', 'other'])(
  'without the token or with another one, %j is refused',
  async (path) => {
    const { origin, pathname } = new URL((await openWindow(openStore())).address)
    const token = pathname.slice(1, -1)
    for (const wrong of [
      '',
      '/',
      `/${path}`,
      `/${token.slice(1)}/${path}`,
      `/${token}x/${path}`,
      `/${'A'.repeat(43)}/${path}`,
      `//${path}`,
    ]) {
      const { status, body } = await ask(origin + wrong)
      expect([wrong, status, body]).toEqual([wrong, 403, expect.stringContaining('token')])
      expect(body).not.toContain(token)
    }
  },
)

test.each(['evil.example', '127.0.0.1', '127.0.0.1:1', 'localhost.evil.example', '[::1]:80'])(
  'a request for the host %j is refused, token or not: a page of another site may lead its name here',
  async (host) => {
    const { address } = await openWindow(openStore())
    const { status, body } = await ask(address, { headers: { host } })
    expect([status, body]).toEqual([403, expect.stringContaining('127.0.0.1')])
  },
)

test('localhost is a name of this machine', async () => {
  const { address } = await openWindow(openStore())
  expect((await ask(address, { headers: { host: `localhost:${new URL(address).port}` } })).status).toBe(200)
})

test.each(['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])('the method %s is refused', async (method) => {
  const { address } = await openWindow(openStore())
  expect(await ask(address, { method })).toMatchObject({ status: 405, headers: { allow: 'GET' } })
  expect((await ask(new URL('/', address).href, { method })).status).toBe(403)
})

test('every answer forbids code of others, frames, referrers and caches', async () => {
  const { address } = await openWindow(openStore())
  for (const url of [address, `${address}page.js`, `${address}none`, new URL('/', address).href]) {
    const { headers } = await ask(url)
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(policy).toContain("frame-ancestors 'none'")
    expect(headers['access-control-allow-origin']).toBeUndefined()
  }
})

test.each([
  ['explain', 404, 'no such core'],
  [`explain?core=${'ab'.repeat(32)}`, 404, 'no such core'],
  ['explain?core=../../etc/passwd', 404, 'no such core'],
  ['__proto__', 404, 'nothing here'],
  ['../page.js', 404, 'nothing here'],
  ['%2e%2e/page.js', 404, 'nothing here'],
])('%s of a window is not there', async (path, status, message) => {
  const { address } = await openWindow(openStore())
  expect(await ask(address + path)).toMatchObject({ status, body: expect.stringContaining(message) })
})

test('a peer that is none is refused', async () => {
  const store = openStore()
  const core = await write(store, 'chat')
  const { address } = await openWindow(store)
  const events = await follow(address)
  await events.until('"name":"chat"')
  const id = Buffer.from(core.discoveryKey ?? []).toString('hex')
  expect((await ask(`${address}explain?core=${id}&peer=x`)).status).toBe(400)
  expect(JSON.parse((await ask(`${address}explain?core=${id}`)).body).problem.code).toBe('NO_CONNECTION')
})

test('headers that are too long, and what is no HTTP, are refused and harm nothing', async () => {
  const { address } = await openWindow(openStore())
  expect((await ask(address, { headers: { cookie: 'x'.repeat(20_000) } })).status).toBe(431)
  const socket = connectTo({ host: '127.0.0.1', port: Number(new URL(address).port) })
  socket.end('no http\r\n\r\n')
  expect(await text(socket)).toContain('400 Bad Request')
  expect((await ask(address)).status).toBe(200)
})

test('of more than 16 pages, the last ones are told to wait', async () => {
  const { address } = await openWindow(openStore())
  const pages = []
  for (let page = 0; page < 16; page++) pages.push(await follow(address))
  expect(await ask(`${address}events`)).toMatchObject({
    status: 503,
    body: expect.stringContaining('16 pages'),
  })
  pages[0]?.end()
  await until(async () => {
    const page = await follow(address)
    return page.status === 200
  })
})

test('a page is sent what has changed, not all of it again', async () => {
  const store = openStore()
  for (let index = 0; index < 20; index++) await write(store, `core ${index}`)
  const core = await write(store, 'changes')
  const { address } = await openWindow(store)
  const page = await follow(address)
  await page.until('"listing":false')
  const before = page.messages.length
  await core.append('more')
  await page.until('"length":2')
  const rows = page.messages.slice(before).flatMap((message) => JSON.parse(message).rows)
  expect(rows.map(({ name }: { name: string }) => name)).toEqual(rows.map(() => 'changes'))
})

test('a page that reads nothing is closed, and little is kept for it', async () => {
  const store = openStore()
  const core = await write(store, 'chat')
  const feed = new Feed(storeSource(store))
  onTestFinished(() => feed.end())
  let written = 0
  const unread = new Writable({
    write: () => {
      written++ // and it calls nothing back
    },
    highWaterMark: 1,
  })
  const closed = once(unread, 'close')
  new Client(feed, unread, 2000)
  const appended: Promise<unknown>[] = []
  const pictures = new Promise<void>((resolve) => {
    let count = 0
    const unfollow = feed.follow(() => {
      if (++count < 4) return void appended.push(core.append('more'))
      unfollow()
      resolve()
    })
  })
  await pictures
  await Promise.all(appended)
  expect([written, unread.writableLength < 2000]).toEqual([1, true])
  await closed
})

test('on the port of HTTP, browsers name the host without it', () => {
  const hosts = ['localhost', '127.0.0.1', 'localhost:80', 'evil.example']
  expect(hosts.map((host) => isOwnHost(host, 80))).toEqual([true, true, false, false])
  expect(hosts.map((host) => isOwnHost(host, 8080))).toEqual([false, false, false, false])
})

test('a page that reads again receives a change of the status', async () => {
  const store = openStore()
  const feed = new Feed(storeSource(store))
  onTestFinished(() => feed.end())
  const messages: string[] = []
  let readOn = () => {}
  const page = new Writable({
    write: (message: Buffer, _encoding, done) => {
      messages.push(message.toString())
      readOn = done
    },
    highWaterMark: 1,
  })
  const client = new Client(feed, page, 600_000)
  onTestFinished(client.end)
  expect(messages.length).toBe(1)
  const told = new Promise<void>((resolve) => {
    feed.follow(({ status }) => {
      if (status.note?.includes('suspended')) resolve()
    })
  })
  await store.suspend()
  await told
  readOn()
  await expect.poll(() => messages.length).toBe(2)
  expect(messages[1]).toContain('suspended')
})

test('a port that is taken rejects', async () => {
  const { address } = await openWindow(openStore())
  const port = Number(new URL(address).port)
  await expect(serveWindow(storeSource(openStore()), { port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test('a window that is closed leaves no connection, and the store is looked into no longer', async () => {
  const store = openStore()
  await write(store, 'chat')
  const window = await openWindow(store)
  const page = await follow(window.address)
  await page.until('"name":"chat"')
  await window.close()
  await page.ended
  await expect(ask(window.address)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

function ask(
  url: string,
  options: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port, pathname, search } = new URL(url)
    const path = url.slice(new URL(url).origin.length) || pathname + search
    const asked = request({ host: '127.0.0.1', port, path, agent: false, ...options }, async (response) => {
      resolve({ status: response.statusCode, headers: response.headers, body: await text(response) })
    })
    asked.once('error', reject)
    asked.end()
  })
}

/** What the window sends to a page. */
async function follow(address: string) {
  const asked: ClientRequest = get(`${address}events`)
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const messages: string[] = []
  let onMessage = () => {}
  let buffered = ''
  response.setEncoding('utf8')
  response.on('data', (part: string) => {
    const parts = (buffered + part).split('\n\n')
    buffered = parts.pop() ?? ''
    for (const message of parts) messages.push(message.slice('data: '.length))
    onMessage()
  })
  const end = () => void asked.destroy()
  const ended = new Promise((resolve) => response.once('close', resolve))
  onTestFinished(end)
  response.on('error', () => {}) // it was ended
  asked.on('error', () => {})
  const untilSaid = (part: string) =>
    new Promise<void>((resolve) => {
      onMessage = () => {
        if (messages.some((message) => message.includes(part))) resolve()
      }
      onMessage()
    })
  return { status: response.statusCode, messages, end, ended, until: untilSaid }
}

/** Asks again until something holds that no event tells of. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(setImmediate)
}
