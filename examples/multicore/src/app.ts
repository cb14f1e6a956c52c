// What writer and reader have in common: their command line, the store and the swarm, and how they end.

import { parseArgs } from 'node:util'
import Corestore from '@coreyard/corestore'
import DHT from 'hyperdht'
import Hyperswarm from 'hyperswarm'

/** What the command line says. */
export interface AppArguments {
  /** The directory of the store. */
  readonly storage: string
  /** The DHT node to begin with; `null` for the public network. */
  readonly bootstrap: { readonly host: string; readonly port: number } | null
  readonly positionals: readonly string[]
}

/** Reads the command line; a mistake in it ends the process with status 2 and `usage`. */
export function readArguments(usage: string, defaultStorage: string): AppArguments {
  try {
    const { values, positionals } = parseArgs({
      options: {
        storage: { type: 'string', default: defaultStorage },
        bootstrap: { type: 'string' },
      },
      allowPositionals: true,
    })
    const bootstrap = values.bootstrap === undefined ? null : readAddress(values.bootstrap)
    return { storage: values.storage, bootstrap, positionals }
  } catch (error) {
    exitWithUsage(usage, error)
  }
}

/** Ends the process with status 2, after saying what is wrong with the command line. */
export function exitWithUsage(usage: string, error: unknown): never {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
  process.exit(2)
}

function readAddress(text: string): { host: string; port: number } {
  const colon = text.lastIndexOf(':')
  const host = text.slice(0, colon)
  const digits = text.slice(colon + 1)
  const port = /^\d+$/.test(digits) ? Number(digits) : 0
  if (host === '' || port < 1 || port > 65535) {
    throw new Error(`--bootstrap must be host:port, not ${text}`)
  }
  return { host, port }
}

/** A store that replicates over every connection of a swarm. */
export interface App {
  readonly store: Corestore
  readonly swarm: Hyperswarm
  close(): Promise<void>
}

async function openApp({ storage, bootstrap }: AppArguments): Promise<App> {
  const store = new Corestore(storage)
  await store.ready()

  const swarm = new Hyperswarm(bootstrap === null ? {} : { dht: joinNetwork(bootstrap) })
  swarm.on('connection', (connection) => {
    connection.on('error', () => {}) // a lost peer is no matter: the swarm looks for it again
    store.replicate(connection)
  })

  return {
    store,
    swarm,
    async close() {
      await swarm.destroy()
      await store.close()
    },
  }
}

/** A node of the network that `bootstrap` belongs to. */
function joinNetwork(bootstrap: { host: string; port: number }): DHT {
  // On loopback no firewall stands between peers: without hole punching they connect at the first try.
  const loopback = bootstrap.host === 'localhost' || bootstrap.host.startsWith('127.')
  const here = loopback ? { host: '127.0.0.1', firewalled: false, ephemeral: true } : {}
  return new DHT({ bootstrap: [bootstrap], ...here })
}

/**
 * Runs a program with an open app. Closes it when the process is asked to end, when the program that started it is gone, or
 * when `run` fails; the process then ends with status 0 or, after a failure, 1.
 */
export async function runApp(args: AppArguments, run: (app: App) => Promise<void>): Promise<void> {
  let closing = false
  let app: App | null = null

  const close = async (status: number) => {
    if (closing) return
    closing = true
    await app?.close()
    process.exit(status)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.on(signal, () => close(0))

  try {
    app = await openApp(args)
    await run(app)
  } catch (error) {
    if (closing) return // what was still under way has ended with the store
    console.error(error instanceof Error ? error.message : error)
    await close(1)
  }
}
