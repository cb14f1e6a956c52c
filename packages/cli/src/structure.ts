// What is built on a core, as far as its first block and its records tell.

import type { Hypercore } from '@coreyard/hypercore-types'
import b4a from 'b4a'

/** `Hyperbee`, `Hyperdrive`, `Autobase`; `null` for blocks of something else. An encrypted core does not tell. */
export async function structureOf(session: Hypercore): Promise<string | null> {
  if (await hasAutobaseRecord(session)) return 'Autobase'
  const first = session.length === 0 ? null : await session.get(0, { wait: false })
  if (first === null) return null
  // Hyperbee's header (lib/messages.js): the protocol is field 1, of the type bytes; metadata follow.
  const protocol = 'hyperbee'
  const isBee = first[0] === 0x0a && first[1] === protocol.length && text(first, 2, 10) === protocol
  if (!isBee) return null
  // Hyperdrive gives its header metadata (field 2), which is empty, or names the core of its blobs: field 1, of 32 bytes.
  const isDrive = first[10] === 0x12 && (first[11] === 0 || (first[12] === 0x0a && first[13] === 32))
  return isDrive ? 'Hyperdrive' : 'Hyperbee'
}

async function hasAutobaseRecord({ core }: Hypercore): Promise<boolean> {
  const records = core?.storage?.createUserDataStream()
  if (records === undefined) return false
  for await (const { key } of records) if (key.startsWith('autobase/')) return true
  return false
}

function text(bytes: Uint8Array, start: number, end: number): string {
  return b4a.toString(bytes.subarray(start, end), 'latin1')
}
