// What a page of a window is told, without a browser.

import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { expect } from 'vitest'
import { coreyard, type Result } from './command.js'

interface Row {
  readonly id: string
  readonly name: string | null
  readonly length: number
}

interface Told {
  readonly reset: boolean
  readonly status: { readonly state: string; readonly listing: boolean; readonly note: string | null }
  readonly rows: readonly Row[]
  readonly gone: readonly string[]
}

interface Shown {
  readonly status: Told['status']
  readonly rows: readonly Row[]
  names(): (string | null)[]
}

/** Runs a command that serves a window, calls `use` with its address, and interrupts it. */
export async function whileServed(
  args: readonly string[],
  use: (address: string) => Promise<void>,
): Promise<Result> {
  const abort = new AbortController()
  let found: (address: string) => void = () => {}
  const address = new Promise<string>((resolve) => {
    found = resolve
  })
  const onOut = (text: string) => {
    const [url] = /http:[^\s"]+/.exec(text) ?? []
    if (url !== undefined) found(url)
  }
  const running = coreyard(args, { signal: abort.signal, onOut, onErr: onOut })
  try {
    const ended = running.then((result) => expect.fail(`it ended: ${JSON.stringify(result)}`))
    ended.catch(() => {}) // it ends after `use`, too
    await use(await Promise.race([address, ended]))
  } finally {
    abort.abort()
  }
  return running
}

/** What is shown once something of it holds. */
export async function shownBy(address: string, holds: (shown: Shown) => boolean): Promise<Shown> {
  const asked = get(`${address}events`, { agent: false })
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  response.setEncoding('utf8')
  const rows = new Map<string, Row>()
  let buffered = ''
  try {
    for await (const part of response) {
      const messages = (buffered + part).split('\n\n')
      buffered = messages.pop() ?? ''
      for (const message of messages) {
        const told: Told = JSON.parse(message.slice('data: '.length))
        if (told.reset) rows.clear()
        for (const row of told.rows) rows.set(row.id, row)
        for (const id of told.gone) rows.delete(id)
        const shown = {
          status: told.status,
          rows: [...rows.values()],
          names: () => [...rows.values()].map(({ name }) => name).sort(),
        }
        if (holds(shown)) return shown
      }
    }
  } finally {
    asked.destroy()
  }
  throw new Error('The window ended')
}
