/**
 * A plugin of Vite for pages that use Hyperdrive, Hyperbee, Autobase or Hypercore itself together with a store. They get the Hypercore of
 * the store then. A page that only imports `@coreyard/corestore` needs no plugin.
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

/** What Vite takes as a plugin. */
export interface VitePlugin {
  readonly name: string
  /** Called by Vite. */
  config(): { resolve: { alias: { find: RegExp; replacement: string }[] } }
}

/** The plugin, for `plugins` of `vite.config.js`. */
export default function coreyard(): VitePlugin {
  // Aliases hold for the dependencies that Vite's development server bundles by itself, which plugins do not see.
  const alias = Object.entries(replaced).map(([name, replacement]) => ({
    find: new RegExp(`^${name}$`),
    replacement,
  }))
  return { name: 'coreyard', config: () => ({ resolve: { alias } }) }
}
