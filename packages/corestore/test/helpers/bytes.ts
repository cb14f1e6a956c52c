// Bytes as the tests write and read them.

/** A key, namespace or topic: 32 bytes, all the same. */
export function bytes32(fill: number): Uint8Array {
  return new Uint8Array(32).fill(fill)
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function hex(bytes: Uint8Array | null): string {
  return Buffer.from(bytes ?? []).toString('hex')
}

/** The text of a block, or of a whole core. */
export function text(bytes: Uint8Array | null): string {
  return new TextDecoder().decode(bytes ?? undefined)
}

/** All keys of a stream, in hex and in order. */
export async function listed(keys: AsyncIterable<Uint8Array>): Promise<string[]> {
  const all: string[] = []
  for await (const key of keys) all.push(hex(key))
  return all.sort()
}
