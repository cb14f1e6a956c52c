/** The program that a module is, as text: scripts/bundle.js makes it. */
declare module '*?source' {
  const source: string
  export default source
}
