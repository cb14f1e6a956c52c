// A client of blind-peer that asks for whatever a test wants it to.

import type { NoiseSecretStream } from '@coreyard/hypercore-types'
import { AddCoreEncoding } from 'blind-peer-encodings'
import BlindPeerMuxer from 'blind-peer-muxer'
import ProtomuxRPC from 'protomux-rpc'
import { onTestFinished } from 'vitest'
import { readAddress } from '../src/network-options.js'
import { joinNetwork } from '../src/node.js'

export async function openLink(network: readonly string[], key: string) {
  const node = await joinNetwork(network.slice(1).map(readAddress))
  onTestFinished(() => node.destroy())
  const stream: NoiseSecretStream = node.connect(Buffer.from(key, 'hex'))
  stream.on('error', () => {}) // it closes, too
  const closed = new Promise<void>((resolve) => stream.once('close', resolve))
  const muxer = new BlindPeerMuxer(stream, {})
  const rpc = new ProtomuxRPC(stream, { id: Buffer.from(key, 'hex') })
  await stream.opened
  return {
    muxer,
    closed,
    close: () => stream.destroy(),
    addCore: (core: Uint8Array): Promise<unknown> =>
      rpc.request('add-core', { key: core, priority: 0, referrer: null, announce: false }, AddCoreEncoding),
  }
}
