// Messages of Protomux that a hostile peer makes by hand.

import { randomBytes } from 'node:crypto'

const PROTOCOL = 'hypercore/alpha'

/** Opens channels for unknown cores, from a number on: one message of the muxer. */
export function openUnknown(from: number, count: number): Buffer {
  return batch(Array.from({ length: count }, (_, index) => openMessage(from + index)))
}

/** A message of the muxer that has others in it. */
export function batch(messages: readonly Uint8Array[]): Buffer {
  return Buffer.concat([
    Buffer.from([0, 0, 0]),
    ...messages.flatMap((message) => [uint(message.byteLength), message]),
  ])
}

/** Opens a channel for an unknown core, or for one whose key the peer does not have. */
export function openMessage(channel: number, discoveryKey: Uint8Array = randomBytes(32)): Buffer {
  return Buffer.concat([
    Buffer.from([1]),
    uint(channel),
    Buffer.from([PROTOCOL.length]),
    Buffer.from(PROTOCOL),
    Buffer.from([32]),
    discoveryKey,
    Buffer.from([1]), // Hypercore's handshake: flags, and a capability that needs the key
    Buffer.alloc(32),
  ])
}

/** Closes a channel. */
export function closeMessage(channel: number): Buffer {
  return Buffer.concat([Buffer.from([3]), uint(channel)])
}

/** A number as compact-encoding writes it. */
function uint(value: number): Buffer {
  if (value < 0xfd) return Buffer.from([value])
  const bytes = Buffer.alloc(value <= 0xffff ? 3 : 5)
  bytes[0] = value <= 0xffff ? 0xfd : 0xfe
  if (value <= 0xffff) bytes.writeUInt16LE(value, 1)
  else bytes.writeUInt32LE(value, 1)
  return bytes
}
