// `explain`: why a core does not replicate. A ladder of checks; the first problem is the answer.

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

/** How `explain` judges. */
export interface ExplainOptions {
  /** After how many milliseconds a request without an answer counts as stalled. Default: 10,000. */
  patience?: number | undefined
}

/** Why a core does not replicate. Keys are hex. */
export interface Explanation {
  /** `null` if what was given is the discovery key of a stored core. */
  readonly key: string | null
  readonly discoveryKey: string
  /** The peer that was asked about. */
  readonly publicKey: string | null
  /** The problem; `null` if there is none. */
  readonly problem: Finding | null
  /** What was checked, in order. After a problem nothing is checked. */
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
 * Why a core does not replicate, or not with one peer. Nothing is changed, and the core is not opened.
 *
 * @param key of the core: 32 bytes, hex or z32
 * @param peer the public key of the peer: the same. Default: every peer
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

/** Checks one thing after the other, until there is a problem. */
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
