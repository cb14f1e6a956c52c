// What packages on top of a store must share with it in a browser, or do not find there: the file of the browser build by the name
// that they import. scripts/bundle-browser.js makes the files, in the folder browser beside the bundle that this module becomes a
// part of.

const file = (name: string): string => `${import.meta.dirname}/browser/${name}.cjs`

export const replaced: Readonly<Record<string, string>> = {
  hypercore: file('hypercore'),
  'sodium-universal': file('sodium-universal'),
  events: file('events'),
  'node:events': file('events'),
  'rabin-native': file('rabin-native'),
}
