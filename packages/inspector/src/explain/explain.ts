// `explain` finds out why a core does not replicate. It runs checks in order; the first problem is the answer.

import type { Corestore } from '@coreyard/corestore'
import { CoreyardError } from '@coreyard/storage'
import b4a from 'b4a'
import crypto from 'hypercore-crypto'
import id from 'hypercore-id-encoding'
import { badArgument } from '../errors.js'
import { readOptions, whileOpen } from '../inspect.js'
import { viewOf } from '../viewed.js'
import { blocks, fork } from './block-checks.js'
import { type Case, gather } from './case.js'
import type { Finding } from './finding.js'
import { channel, connection, handshake, refusal } from './link-checks.js'
import { active, conflict, disk, encryption, open, stored, suspended } from './store-checks.js'

/** The options of `explain`. */
export interface ExplainOptions {
  /** A request counts as stalled if it has no answer after this many milliseconds. Default: 10,000. */
  patience?: number | undefined
}

/** The result of `explain`. Keys are hex. */
export interface Explanation {
  /** The key of the core; `null` if `explain` was called with the discovery key of a stored core. */
  readonly key: string | null
  readonly discoveryKey: string
  /** The public key of the peer that `explain` was called with; `null` for all peers. */
  readonly publicKey: string | null
  /** The problem; `null` if there is none. */
  readonly problem: Finding | null
  /** The results of the checks, in order. The checks stop at the first problem. */
  readonly findings: readonly Finding[]
}

const OPTIONS: ReadonlySet<string> = new Set<keyof ExplainOptions>(['patience'])
const DEFAULT_PATIENCE = 10_000

const LADDER: readonly ((looked: Case) => Finding)[] = [
  suspended,
  disk,
  stored,
  conflict,
  open,
  active,
  encryption,
  connection,
  handshake,
  refusal,
  channel,
  fork,
  blocks,
]

/**
 * Finds out why a core does not replicate, with one peer or with any. It changes nothing, and does not open the core.
 *
 * @param key the key of the core: 32 bytes, hex or z32
 * @param peer the public key of one peer: 32 bytes, hex or z32. Default: all peers
 * @throws InspectorError `BAD_ARGUMENT`, `STORE_CLOSED`
 */
export async function explain(
  store: Corestore,
  key: Uint8Array | string,
  peer?: Uint8Array | string | null,
  options: ExplainOptions = {},
): Promise<Explanation> {
  const view = viewOf(store)
  const patience = readPatience(options)
  const wanted = readKey('key', key)
  const publicKey = peer === undefined || peer === null ? null : readKey('peer', peer)
  const question = { key: wanted, discoveryKey: crypto.discoveryKey(wanted), publicKey, patience }
  const looked = await whileOpen(store, () => gather(store, view, question))
  return { ...climb(looked), publicKey: publicKey && b4a.toString(publicKey, 'hex') }
}

/** @throws InspectorError `BAD_ARGUMENT` */
export function readPatience(options: ExplainOptions): number {
  const { patience = DEFAULT_PATIENCE } = readOptions(options, OPTIONS)
  if (typeof patience === 'number' && patience >= 0) return patience
  const given = CoreyardError.describe(patience, 'number')
  throw badArgument(`patience must be milliseconds from 0, not ${given}`)
}

/** Runs the checks in order, up to the first problem. */
export function climb(looked: Case): Omit<Explanation, 'publicKey'> {
  const findings: Finding[] = []
  let problem: Finding | null = null
  for (const check of LADDER) {
    const finding = check(looked)
    findings.push(finding)
    if (finding.status !== 'problem') continue
    problem = finding
    break
  }
  return { key: looked.key, discoveryKey: looked.discoveryKey, problem, findings }
}

function readKey(name: string, key: unknown): Uint8Array {
  const right = '32 bytes, hex or z32'
  if (key instanceof Uint8Array && key.byteLength === 32) return Uint8Array.from(key)
  if (typeof key !== 'string')
    throw badArgument(`${name} must be ${right}, not ${CoreyardError.describe(key)}`)
  try {
    return id.decode(key)
  } catch {
    throw badArgument(`${name} must be ${right}, not ${CoreyardError.describe(key)} that is neither`)
  }
}
