// From what a user calls a core to the core: its key or discovery key, the beginning of one, or its name.

import type { Corestore } from '@coreyard/corestore'
import { type CorePicture, inspect } from '@coreyard/inspector'
import b4a from 'b4a'
import id from 'hypercore-id-encoding'
import { CommandError, ExitCode } from './errors.js'
import { LEAST_PREFIX } from './key.js'
import { visible } from './text.js'

export interface Wanted {
  readonly core: string
  /** The namespace of a name, in hex, or how it begins. */
  readonly namespace?: string | undefined
}

/** All stored cores, by name, then by discovery key. */
export async function storedCores(store: Corestore): Promise<readonly CorePicture[]> {
  const { cores } = await inspect(store, { stored: true })
  return sorted(cores)
}

/** Whether a core has a block. Of a core that is not open, only the blocks before the first gap are known: it may have others. */
export function mayHaveBlocks({ progress, hasMoreRanges }: CorePicture): boolean {
  return progress.have > 0 || hasMoreRanges
}

/** By name, then by discovery key. */
export function sorted(cores: readonly CorePicture[]): readonly CorePicture[] {
  return [...cores].sort((one, other) => compare(nameKey(one), nameKey(other)))
}

/** Whether a core is in a namespace, of which the first digits are enough. */
export function isIn(core: CorePicture, namespace: string | undefined): boolean {
  return namespace === undefined || core.namespace?.startsWith(namespace) === true
}

export async function findCore(store: Corestore, wanted: Wanted): Promise<CorePicture> {
  return pick(await storedCores(store), wanted)
}

export function pick(cores: readonly CorePicture[], { core, namespace }: Wanted): CorePicture {
  const inNamespace = cores.filter((candidate) => isIn(candidate, namespace))
  const hex = toHex(core)
  const matches = [
    inNamespace.filter(({ key, discoveryKey }) => hex !== null && (key === hex || discoveryKey === hex)),
    inNamespace.filter(({ name }) => name === core),
    isPrefix(core)
      ? inNamespace.filter(({ key, discoveryKey }) => key?.startsWith(core) || discoveryKey.startsWith(core))
      : [],
  ].find((found) => found.length > 0)
  const [match, another] = matches ?? []
  if (match === undefined) throw missing(core, inNamespace)
  if (another !== undefined) {
    throw new CommandError(
      ExitCode.usage,
      'AMBIGUOUS',
      `${visible(core)} is ${matches?.length} cores here: give the key of one, or --namespace`,
    )
  }
  return match
}

/** The cores with these names or keys, each once. */
export function pickAll(
  cores: readonly CorePicture[],
  names: readonly string[],
  namespace?: string,
): readonly CorePicture[] {
  return [...new Set(names.map((core) => pick(cores, { core, namespace })))]
}

/** The key of a core, which may be one that is not stored: then it must be given as a whole. Otherwise the stored `cores` are asked for. */
export async function keyFor(wanted: Wanted, cores: () => Promise<readonly CorePicture[]>): Promise<string> {
  // With a namespace it is a name, whatever it looks like.
  if (wanted.namespace === undefined && id.isValid(wanted.core)) return wanted.core
  const { key, discoveryKey } = pick(await cores(), wanted)
  return key ?? discoveryKey
}

function missing(core: string, cores: readonly CorePicture[]): CommandError {
  const what = `There is no core ${visible(core)} among the ${cores.length} that are stored`
  const like = cores.find(({ name }) => core !== '' && name?.includes(core))?.name
  const short = core.length < LEAST_PREFIX && /^[0-9a-f]+$/.test(core)
  const hints = [
    like === undefined || like === null ? '' : `, such as ${visible(like)}`,
    short ? `. The beginning of a key needs ${LEAST_PREFIX} characters` : '',
  ]
  return new CommandError(
    ExitCode.missing,
    'STORAGE_EMPTY',
    `${what}: give a key, a discovery key or a name that ls lists${hints.join('')}`,
  )
}

function toHex(core: string): string | null {
  try {
    return b4a.toString(id.decode(core), 'hex')
  } catch {
    return null
  }
}

function isPrefix(core: string): boolean {
  return core.length >= LEAST_PREFIX && /^[0-9a-f]+$/.test(core)
}

function nameKey({ name, discoveryKey }: CorePicture): string {
  return name === null ? `1${discoveryKey}` : `0${name}`
}

export function compare(one: string | number, other: string | number): number {
  return one < other ? -1 : one > other ? 1 : 0
}
