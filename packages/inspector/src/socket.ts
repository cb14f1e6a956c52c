/**
 * Inspects a store that another process has open. The other process calls `serveInspector(store)`, and this one
 * `remoteStore(directory)`. Only processes of the same user can connect, and they cannot change the store. Node.js only.
 *
 * @packageDocumentation
 */

export { type RemoteOptions, type RemoteStore, remoteStore } from './socket/ask.js'
export { type InspectorSocket, serveInspector } from './socket/serve.js'
