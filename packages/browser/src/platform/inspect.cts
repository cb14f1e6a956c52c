// How Hypercore shows itself to `util.inspect`, which browsers do not have: by its name.

function inspect(core: { readonly constructor: { readonly name: string } }): string {
  return core.constructor.name
}

module.exports = inspect
