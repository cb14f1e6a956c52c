/**
 * Inspects an open Corestore: its cores, what they cost, which peer has which blocks, and why a core does not replicate.
 *
 * ```ts
 * import Corestore from '@coreyard/corestore'
 * import { inspect, watch } from '@coreyard/inspector'
 *
 * const store = new Corestore('./my-app')
 * const { store: own, cores, peers } = await inspect(store)
 * console.log(own.disk?.used, cores.length, peers.length)
 *
 * for await (const { picture, events } of watch(store, { interval: 500 })) {
 *   console.log(picture.store.progress, events)
 * }
 * ```
 *
 * @packageDocumentation
 */

export type { BlockRange } from '@coreyard/hypercore-port'
export { InspectorError, type InspectorErrorCode } from './errors.js'
export type { InspectorEvent } from './events.js'
export { type ExplainOptions, type Explanation, explain } from './explain/explain.js'
export type { Finding, FindingCode } from './explain/finding.js'
export { type InspectOptions, inspect, list } from './inspect.js'
export type {
  ConflictPicture,
  CorePicture,
  GroupPicture,
  LimitPicture,
  PeerCorePicture,
  PeerPicture,
  Picture,
  Progress,
  Rates,
  RefusalPicture,
  StorePicture,
  StreamPicture,
} from './picture.js'
export { type CoreUsage, diskUsage, type KindUsage, type Usage } from './usage.js'
export { type Observation, type WatchOptions, type WatchSignal, watch } from './watch.js'
