/** The bundled program of a module, as text. scripts/bundle.js makes it. */
declare module '*?source' {
  const source: string
  export default source
}
