// The part of `node:path` that hypercore-storage and the store use. It only handles names: there are no files.

export function join(...parts: readonly string[]): string {
  const names: string[] = []
  for (const name of parts.join('/').split('/')) {
    if (name === '..' && names.length > 0 && names.at(-1) !== '..') names.pop()
    else if (name !== '' && name !== '.') names.push(name)
  }
  const path = names.join('/')
  return parts.find((part) => part !== '')?.startsWith('/') ? `/${path}` : path || '.'
}

export function resolve(...parts: readonly string[]): string {
  return join('/', ...parts)
}

export function dirname(path: string): string {
  return join(path, '..')
}

export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
