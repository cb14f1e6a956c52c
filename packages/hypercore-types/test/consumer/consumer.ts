// A program of somebody who has the built package, no types of Node.js, and the strictest compiler there is.
/// <reference types="@coreyard/hypercore-types/ambient" />

import type { Core, CoreOptions, HypercoreOptions, ReplicationStream } from '@coreyard/hypercore-types'
import createTestnet from '@hyperswarm/testnet'
import Hypercore from 'hypercore'
import id from 'hypercore-id-encoding'
import Storage from 'hypercore-storage'
import Hyperswarm from 'hyperswarm'
import RandomAccessFile from 'random-access-file'
import RandomAccessMemory from 'random-access-memory'
import RandomAccessStorage, { type Request } from 'random-access-storage'

interface Message {
  text: string
}

/** Shares a core, and reads another as it grows. */
export async function chat(directory: string, theirs: string): Promise<void> {
  const storage = new Storage(directory, { readOnly: false, id: null })
  const mine = new Hypercore<Message>(storage, { valueEncoding: 'json' })
  const other = new Hypercore<Message>(storage, id.decode(theirs), { valueEncoding: 'json' })
  await mine.append([{ text: 'hello' }, { text: 'world' }])
  await other.ready()

  const testnet = await createTestnet(3)
  const swarm = new Hyperswarm({ dht: testnet.createNode(), maxPeers: 10 })
  swarm.on('connection', (connection, peer) => {
    const stream: ReplicationStream = mine.replicate(connection)
    other.replicate(stream)
    connection.on('error', (error) => error.message)
    peer.publicKey.byteLength.toFixed()
  })
  if (other.discoveryKey) await swarm.join(other.discoveryKey, { server: false }).flushed()

  for await (const { text } of other.createReadStream({ live: true })) text.trim()
  const last = await other.get(other.length - 1, { wait: false })
  last?.text.trim()
  await Promise.all([mine.close(), other.close({ error: new Error('done') }), swarm.destroy()])
}

/** Options may be left out, or be undefined. */
export function open(core: Core | undefined, timeout: number | undefined): [Hypercore, Core] {
  const options: HypercoreOptions<'binary'> = { core, timeout, valueEncoding: undefined }
  const coreOptions: CoreOptions = { key: undefined, manifest: undefined, alias: undefined }
  return [new Hypercore(null, options), Hypercore.createCore('.', coreOptions)]
}

/** A storage of one's own. */
export class Zeros extends RandomAccessStorage {
  protected override _read(request: Request<Uint8Array>): void {
    request.callback(null, new Uint8Array(request.size))
  }
}

export const storages: RandomAccessStorage[] = [
  new Zeros(),
  new RandomAccessMemory({ pageSize: 4096 }),
  RandomAccessMemory.reusable()('name'),
  new RandomAccessFile('file', { directory: '.' }),
]
