// A plugin of Rolldown: each file of a bundle gets its CommonJS dependencies through a file beside it that requires them,
// `index.dependencies.cjs` for `index.js`.
//
// Node.js scans a CommonJS module that an ES module imports for the names of its exports, before it runs it; for
// sodium-native that is 100 KB of source. A module that is required is not scanned. Bundlers for other platforms follow a
// `require` of a string as they follow an import.
import { basename } from 'node:path'

/** `isCommonJs` is asked for each module that is not part of the bundle. Such modules have default imports alone, or named ones. */
export function requireCommonJs({ isCommonJs }) {
  return { name: 'require-commonjs', renderChunk: requireInChunk }

  function requireInChunk(code, { fileName, imports }, _options, { chunks, magicString }) {
    const dependencies = imports.filter((id) => !(id in chunks) && isCommonJs(id))
    if (dependencies.length === 0) return null
    const file = fileName.replace(/\.js$/, '.dependencies.cjs')
    const from = JSON.stringify(`./${basename(file)}`)
    let statement = `import dependencies from ${from};\n`
    for (const id of dependencies) {
      const pattern = new RegExp(`^import (.+) from ${escaped(JSON.stringify(id))};$`, 'm')
      const found = pattern.exec(code)
      if (found === null) throw new Error(`${fileName} does not import ${id} in a way that is known here`)
      const [whole, names] = found
      statement += `const ${names.replaceAll(' as ', ': ')} = dependencies[${JSON.stringify(id)}];\n`
      magicString.remove(found.index, found.index + whole.length)
    }
    this.emitFile({ type: 'asset', fileName: file, source: requiring(dependencies) })
    return magicString.prepend(statement)
  }
}

/** Not an object of exports: names of exports are what Node.js would scan for, and it would go on into what is exported. */
function requiring(ids) {
  const entries = ids.map((id) => `  ${JSON.stringify(id)}: require(${JSON.stringify(id)}),\n`)
  return `const dependencies = {\n${entries.join('')}};\nmodule.exports = dependencies;\n`
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
