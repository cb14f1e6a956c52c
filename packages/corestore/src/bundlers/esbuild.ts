/**
 * A plugin for esbuild, for pages that use Hyperdrive, Hyperbee, Autobase or Hypercore itself together with a store. With the plugin, these
 * packages use the same copy of Hypercore as the store. A page that only imports `@coreyard/corestore` needs no plugin.
 *
 * ```js
 * import coreyard from '@coreyard/corestore/esbuild'
 * import { build } from 'esbuild'
 *
 * await build({ entryPoints: ['page.js'], bundle: true, outfile: 'bundle.js', plugins: [coreyard()] })
 * ```
 *
 * @module
 */
import { replaced } from './replaced.js'

/** A plugin in the form that esbuild expects. */
export interface EsbuildPlugin {
  readonly name: string
  /** Called by esbuild. */
  setup(build: {
    onResolve(options: { filter: RegExp }, resolve: (args: { path: string }) => { path: string } | null): void
  }): void
}

/** Returns the plugin, for the option `plugins` of `build`. */
export default function coreyard(): EsbuildPlugin {
  return {
    name: 'coreyard',
    setup(build) {
      const filter = new RegExp(`^(${Object.keys(replaced).join('|')})$`)
      build.onResolve({ filter }, ({ path }) => {
        const file = replaced[path]
        return file === undefined ? null : { path: file }
      })
    },
  }
}
