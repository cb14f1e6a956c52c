// The path of a directory, from an argument that is a path or a `file:` URL, which programs derive from `import.meta.url`.
import { badArgument } from '../errors/bad-argument.js'
import { absoluteDirectory } from './directory-path.js'

/** The part of a `URL` that is used here. Programs without the types of Node.js or a browser have no type `URL`. */
export interface DirectoryUrl {
  readonly href: string
  readonly protocol: string
}

/** Returns the absolute path that an argument names; `null` if it names none. Throws a `TypeError` for a URL that is not a directory. */
export function namedDirectory(argument: unknown): string | null {
  if (isUrl(argument)) return absoluteDirectory(pathOfUrl(argument.href))
  if (typeof argument !== 'string' || argument === '' || argument.includes('\0')) return null
  return absoluteDirectory(
    /^(?:file:\/|[a-z][a-z\d+.-]+:\/\/)/i.test(argument) ? pathOfUrl(argument) : argument,
  )
}

function isUrl(argument: unknown): argument is DirectoryUrl {
  if (typeof argument !== 'object' || argument === null) return false
  return typeof Reflect.get(argument, 'href') === 'string' && 'protocol' in argument
}

// Like `fileURLToPath` of Node.js, which some runtimes lack.
function pathOfUrl(href: string): string {
  const [, encoded = ''] = /^file:(?:\/\/(?:localhost)?(?=\/))?(\/(?!\/)[^?#]*)/i.exec(href) ?? []
  if (encoded === '' || /%2f|%00/i.test(encoded)) {
    throw badArgument(
      'storage is a URL that names no directory of this machine: give a path, or a file: URL such as file:///home/me/my-app',
    )
  }
  const path = decode(encoded)
  return /^\/[a-z]:/i.test(path) ? path.slice(1) : path // a drive of Windows
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch (cause) {
    throw badArgument('storage is a file: URL that is not encoded as URLs are: make it with new URL()', cause)
  }
}
