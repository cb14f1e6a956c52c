declare module 'sodium-universal' {
  const sodium: typeof import('../src/sodium/index.js') & { readonly [constant: string]: unknown }
  export default sodium
}
