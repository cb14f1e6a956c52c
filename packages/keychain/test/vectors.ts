// Reads vectors/keychain.json: key pairs, namespaces and core keys that Corestore 6 and 7 derived.
import { readFileSync } from 'node:fs'

type Text = { utf8: string } | { hex: string }

interface JsonVector {
  primaryKey: string
  namespaces: Text[]
  namespaceKey: string
  name: Text
  publicKey: string
  secretKey: string
}

export interface Vector {
  title: string
  primaryKey: Uint8Array
  namespaces: (string | Uint8Array)[]
  namespaceKey: Uint8Array
  name: string | Uint8Array
  publicKey: Uint8Array
  secretKey: Uint8Array
}

const file = new URL('./vectors/keychain.json', import.meta.url)

export const vectors: Vector[] = (JSON.parse(readFileSync(file, 'utf8')) as JsonVector[]).map((vector) => ({
  title: `${vector.primaryKey.slice(0, 8)}… ${JSON.stringify([...vector.namespaces, vector.name]).slice(0, 80)}`,
  primaryKey: Buffer.from(vector.primaryKey, 'hex'),
  namespaces: vector.namespaces.map(textOrBytes),
  namespaceKey: Buffer.from(vector.namespaceKey, 'hex'),
  name: textOrBytes(vector.name),
  publicKey: Buffer.from(vector.publicKey, 'hex'),
  secretKey: Buffer.from(vector.secretKey, 'hex'),
}))

function textOrBytes(text: Text): string | Uint8Array {
  return 'utf8' in text ? text.utf8 : Uint8Array.from(Buffer.from(text.hex, 'hex'))
}
