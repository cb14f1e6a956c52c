// Programs and files that the bundler puts in as text: see scripts/bundle.js.
declare module '*?source' {
  const source: string
  export default source
}
