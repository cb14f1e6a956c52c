// Hooks of Node.js's loader that put one fault into one file while it is loaded.

let mutation

export function initialize(data) {
  mutation = data
}

export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context)
  if (!url.endsWith(mutation.file)) return loaded
  const source = String(loaded.source)
  const count = source.match(new RegExp(mutation.pattern, 'g'))?.length ?? 0
  if (count !== 1)
    throw new Error(`${mutation.pattern} is ${count} times in ${url}: bring the mutation up to date`)
  return { ...loaded, source: source.replace(mutation.pattern, mutation.replacement) }
}
