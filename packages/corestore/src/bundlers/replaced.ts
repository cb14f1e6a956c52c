// The modules that packages on top of a store must share with it in a browser, or that a browser lacks: the file of the browser build, by
// the name that is imported. scripts/bundle-browser.js writes the files to the folder `browser` next to the bundle of this module.

const file = (name: string): string => `${import.meta.dirname}/browser/${name}.cjs`

export const replaced: Readonly<Record<string, string>> = {
  hypercore: file('hypercore'),
  'sodium-universal': file('sodium-universal'),
  events: file('events'),
  'node:events': file('events'),
  'rabin-native': file('rabin-native'),
}
