/**
 * Shows a running store as a web page on this machine: its cores, peers and events live, and why a core does not replicate.
 *
 * ```ts
 * import Corestore from '@coreyard/corestore'
 * import { serveWindow, storeSource } from '@coreyard/window'
 *
 * const store = new Corestore('./my-app')
 * const window = await serveWindow(storeSource(store))
 * console.log(window.address)
 *
 * await window.close()
 * await store.close()
 * ```
 *
 * @packageDocumentation
 */

export { type ServedWindow, serveWindow, type WindowOptions } from './server/serve-window.js'
export { type Sight, type Source, sightsOf, storeSource, type Viewable } from './source/source.js'
