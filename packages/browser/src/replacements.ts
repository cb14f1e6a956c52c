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

/** The path of what replaces `./lib/inspect` of Hypercore. */
export const hypercoreInspect: string = file('./platform/inspect.cjs')

/** Global variables of Node.js: the file that exports each. */
export const globals: Readonly<Record<string, string>> = { setImmediate: TIMERS }
