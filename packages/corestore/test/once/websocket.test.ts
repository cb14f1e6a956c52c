// A WebSocket as a stream: what two stores do over it, and how it ends.

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { Corestore, memoryStorage } from '../../src/index.js'
import { type WebSocketLike, webSocketStream } from '../../src/websocket.js'

let server: WebSocketServer
let url: string
beforeEach(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  for (const client of server.clients) client.terminate()
  server.close()
})

test('two stores replicate over a WebSocket, in both directions', async () => {
  const [here, there] = [new Corestore(memoryStorage()), new Corestore(memoryStorage())]
  server.on('connection', (socket) => {
    const stream = there.replicate(false)
    stream.pipe(webSocketStream(socket)).pipe(stream)
  })
  const [ours, theirs] = [here.get({ name: 'core' }), there.get({ name: 'core' })]
  await ours.append(['a', 'b'])
  await theirs.append(Buffer.alloc(3_000_000, 7))
  const copyOfTheirs = here.get({ key: theirs.key })
  const copyOfOurs = there.get({ key: ours.key })

  const stream = here.replicate(true)
  stream.pipe(webSocketStream(new WebSocket(url))).pipe(stream)
  expect(await copyOfOurs.get(1)).toEqual(Buffer.from('b'))
  expect(Buffer.compare(await copyOfTheirs.get(0), Buffer.alloc(3_000_000, 7))).toBe(0)
  await here.close()
  await there.close()
})

describe('a stream of a WebSocket', () => {
  test('ends when the other side ends', async () => {
    const { ours, theirs } = await connected()
    theirs.end(Buffer.from('last'))
    const chunks: Uint8Array[] = []
    for await (const chunk of ours) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toBe('last')
    if (!theirs.destroyed) await once(theirs, 'close')
  })

  test('fails when the connection is cut off', async () => {
    const { ours, socketOfTheirs } = await connected()
    const failed = once(ours, 'error')
    socketOfTheirs.terminate()
    expect(await failed).toMatchObject([
      { code: 'WEBSOCKET_FAILED', message: expect.stringContaining('1006') },
    ])
  })

  test('fails when the other side sends text', async () => {
    const { ours, socketOfTheirs } = await connected()
    const failed = once(ours, 'error')
    socketOfTheirs.send('text')
    expect(await failed).toMatchObject([
      { code: 'WEBSOCKET_FAILED', message: expect.stringContaining('text') },
    ])
  })

  test('fails when nothing listens', async () => {
    server.close()
    await once(server, 'close')
    const stream = webSocketStream(new WebSocket(url))
    expect(await once(stream, 'error')).toMatchObject([{ code: 'WEBSOCKET_FAILED' }])
  })

  test('closes the WebSocket when it is destroyed, also before that is open', async () => {
    const socket = new WebSocket(url)
    const closed = new Promise((resolve) => socket.on('close', resolve))
    const stream = webSocketStream(socket)
    stream.destroy()
    await closed
    expect(socket.readyState).toBe(WebSocket.CLOSED)
  })

  test('of a closed WebSocket fails', async () => {
    const socket = new WebSocket(url)
    await once(socket, 'open')
    socket.close()
    await once(socket, 'close')
    const stream = webSocketStream(socket)
    stream.resume()
    expect(await once(stream, 'error')).toMatchObject([{ code: 'WEBSOCKET_FAILED' }])
  })

  test('reads no more than is taken, where the WebSocket can be paused', async () => {
    const { ours, theirs, socketOfOurs } = await connected()
    theirs.write(Buffer.alloc(1_000_000))
    await once(socketOfOurs, 'message')
    expect(socketOfOurs.isPaused).toBe(true)
    ours.resume()
    theirs.end()
    await once(ours, 'close')
    expect(socketOfOurs.isPaused).toBe(false)
  })

  test.each([[null], [undefined], ['ws://127.0.0.1'], [{}], [{ send: () => {} }]])(
    'is not made of %o',
    (socket) => {
      expect(() => Reflect.apply(webSocketStream, null, [socket])).toThrow(
        expect.objectContaining({
          code: 'BAD_ARGUMENT',
          message: expect.stringContaining('must be a WebSocket'),
        }),
      )
    },
  )
})

async function connected() {
  const accepted = once(server, 'connection') as Promise<[WebSocket]>
  const socketOfOurs = new WebSocket(url)
  const ours = webSocketStream(socketOfOurs)
  const [socketOfTheirs] = await accepted
  const theirs: ReturnType<typeof webSocketStream> = webSocketStream(socketOfTheirs satisfies WebSocketLike)
  return { ours, theirs, socketOfOurs, socketOfTheirs }
}
