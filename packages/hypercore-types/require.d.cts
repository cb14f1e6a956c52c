// The same types, for a CommonJS module that imports them. There is no code here.

export type * from './dist/index.js' with { 'resolution-mode': 'import' }
