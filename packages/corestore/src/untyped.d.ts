// Types of the untyped packages that only this package uses, as far as it uses them.

declare module 'which-runtime' {
  export const isAndroid: boolean
}
