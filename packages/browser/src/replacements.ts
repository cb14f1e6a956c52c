// Which file replaces which module in a browser.

import { fileURLToPath } from 'node:url'

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** The package `events`, installed under another name, because Bare would resolve `events` to `node:events`. */
const EVENTS: string = fileURLToPath(import.meta.resolve('events-package/events.js'))
const TIMERS: string = file('./platform/timers.js')
const FILES: string = file('./platform/files.js')
const PATH: string = file('./platform/path.js')
const NATIVE: string = file('./platform/native.js')

/** The absolute path of each replacement, by the name that is imported. */
export const replacements: Readonly<Record<string, string>> = {
  'sodium-universal': file('./sodium/index.js'),
  events: EVENTS,
  'node:events': EVENTS,
  'node:timers': TIMERS,
  'node:timers/promises': file('./platform/timers-promises.js'),
  fs: FILES,
  'node:fs': FILES,
  'node:fs/promises': FILES,
  path: PATH,
  'node:path': PATH,
  'rocksdb-native': NATIVE,
  'device-file': NATIVE,
  'fd-lock': NATIVE,
  'fs-native-extensions': NATIVE,
  'rabin-native': file('./platform/chunker.js'),
  'text-decoder': file('./platform/text-decoder.cjs'),
  'which-runtime': file('./platform/which-runtime.js'),
}

/** The same for files of a package, by its name and the path that the package requires. */
export const replacedFiles: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  hypercore: { './lib/inspect': file('./platform/inspect.cjs') },
  // An encoding that neither Hypercore nor the store uses.
  'compact-encoding': { './lexint': file('./platform/unused.cjs') },
}

/** Global variables of Node.js: the file that exports each. */
export const globals: Readonly<Record<string, string>> = { setImmediate: TIMERS }
