// The options of commands that use a network.

import { type Command, Option } from 'commander'
import { usage } from './errors.js'
import { decimalNumber, remotePort } from './number.js'
import { given } from './text.js'

export interface Address {
  readonly host: string
  readonly port: number
}

/** `--bootstrap`, which may be given more than once. */
export function withBootstrap(command: Command): Command {
  const option = new Option('--bootstrap <host:port...>', 'nodes of a network of your own')
  const add = (text: string, addresses: readonly Address[]) => [...addresses, readAddress(text)]
  return command.addOption(option.argParser(add).default([], 'those of the public one'))
}

/** A name or an IPv4 address; HyperDHT knows no others. It takes `address@name`, too: the name is looked up if the address does not answer. */
const HOST = /^[^\s:/@]+(@[^\s:/@]+)?$/

export function readAddress(text: string): Address {
  const colon = text.lastIndexOf(':')
  const [host, port] = [text.slice(0, colon), remotePort(text.slice(colon + 1))]
  if (HOST.test(host) && port !== null) return { host, port }
  throw usage(`--bootstrap must be host:port with an IPv4 address or a name, not ${given(text)}`)
}

/** The option `--timeout`, given in seconds, as milliseconds. */
export function timeoutOption(description: string, seconds: number): Option {
  const option = new Option('--timeout <seconds>', description)
  return option.argParser(readSeconds).default(seconds * 1000, String(seconds))
}

/** A timer of the runtime waits for no longer. */
const MOST_SECONDS = 2_147_483

function readSeconds(text: string): number {
  const seconds = decimalNumber(text)
  if (seconds > 0 && seconds <= MOST_SECONDS) return seconds * 1000
  throw usage(`--timeout must be seconds above 0, at most ${MOST_SECONDS}, not ${given(text)}`)
}

export interface NetworkOptions {
  readonly bootstrap: readonly Address[]
  /** When it aborts, `use` must end, and a network that does not answer is left after `SILENCE`. */
  readonly signal: AbortSignal
}
