/**
 * Looking into a store that another process has open: that one calls `serveInspector(store)`, and this one `remoteStore(directory)`.
 * Only processes of the same user can, and they can only look.
 *
 * @packageDocumentation
 */

export { type RemoteOptions, type RemoteStore, remoteStore } from './socket/ask.js'
export { type InspectorSocket, serveInspector } from './socket/serve.js'
