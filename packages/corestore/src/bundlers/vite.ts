/**
 * A plugin for Vite, for pages that use Hyperdrive, Hyperbee, Autobase or Hypercore itself together with a store. With the plugin, these
 * packages use the same copy of Hypercore as the store. A page that only imports `@coreyard/corestore` needs no plugin.
 *
 * ```js
 * // vite.config.js
 * import coreyard from '@coreyard/corestore/vite'
 *
 * export default { plugins: [coreyard()] }
 * ```
 *
 * @module
 */
import { replaced } from './replaced.js'

/** A plugin in the form that Vite expects. */
export interface VitePlugin {
  readonly name: string
  /** Called by Vite. */
  config(): { resolve: { alias: { find: RegExp; replacement: string }[] } }
}

/** Returns the plugin, for `plugins` in `vite.config.js`. */
export default function coreyard(): VitePlugin {
  // Aliases also apply to the dependencies that Vite's development server bundles by itself; plugins do not see those.
  const alias = Object.entries(replaced).map(([name, replacement]) => ({
    find: new RegExp(`^${name}$`),
    replacement,
  }))
  return { name: 'coreyard', config: () => ({ resolve: { alias } }) }
}
