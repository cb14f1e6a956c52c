// A plugin of Rolldown: each file of a bundle gets its CommonJS dependencies through a file beside it that requires them,
// `index.dependencies.cjs` for `index.js`. Neither Node.js nor Rolldown has an option for this.
//
// Node.js scans a CommonJS module that an ES module imports for the names of its exports, before it runs it; for
// sodium-native that is 100 KB of source. A module that is required is not scanned. Bundlers for other platforms follow a
// `require` of a string as they follow an import. docs/architecture.md, "Libraries", has what this saves.
import { basename } from 'node:path'

/** `isCommonJs` is asked for each module that is not part of the bundle. Such modules have default imports alone, or named ones. */
export function requireCommonJs({ isCommonJs }) {
  return { name: 'require-commonjs', renderChunk: requireInChunk }

  function requireInChunk(code, { fileName, imports }, _options, { chunks, magicString }) {
    const dependencies = imports.filter((id) => !(id in chunks) && isCommonJs(id))
    if (dependencies.length === 0) return null
    const file = fileName.replace(/\.js$/, '.dependencies.cjs')
    let statement = `import dependencies from ${JSON.stringify(`./${basename(file)}`)};\n`
    for (const { type, start, end, source, specifiers } of this.parse(code).body) {
      if (type !== 'ImportDeclaration' || !dependencies.includes(source.value)) continue
      statement += `const ${patternOf(specifiers)} = dependencies[${JSON.stringify(source.value)}];\n`
      magicString.remove(start, end)
    }
    this.emitFile({ type: 'asset', fileName: file, source: requiring(dependencies) })
    return magicString.prepend(statement)
  }
}

/** What the specifiers of an import are in a `const`: `name`, or `{ imported: local }`. */
function patternOf(specifiers) {
  const [first] = specifiers
  if (specifiers.length === 1 && first.type === 'ImportDefaultSpecifier') return first.local.name
  const names = specifiers.map(({ imported, local }) => `${imported.name}: ${local.name}`)
  return `{ ${names.join(', ')} }`
}

/** Not an object of exports: names of exports are what Node.js would scan for, and it would go on into what is exported. */
function requiring(ids) {
  const entries = ids.map((id) => `  ${JSON.stringify(id)}: require(${JSON.stringify(id)}),\n`)
  return `const dependencies = {\n${entries.join('')}};\nmodule.exports = dependencies;\n`
}
