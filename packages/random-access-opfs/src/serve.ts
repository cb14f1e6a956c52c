// The worker's side of a file that a page uses.

import { OpfsError } from './errors.js'
import { LocalFile } from './local-file.js'
import type { Answer, Request } from './messages.js'
import type { Port } from './platform.js'

/** Answers the messages of a port. The first message names the file; all others are calls of its methods. */
export function serve(port: Port): void {
  let file: LocalFile | null = null
  port.onmessage = ({ data }) => {
    const request = data as Request
    if ('path' in request) {
      file = new LocalFile(request.path)
      return
    }
    const { id, method, args } = request
    const done = (error: Error | null, result?: unknown) => {
      const answer: Answer = { id, error: error && told(error), result }
      port.postMessage(
        answer,
        result instanceof Uint8Array && result.buffer instanceof ArrayBuffer ? [result.buffer] : [],
      )
    }
    if (file !== null) Reflect.apply(file[method], file, [...args, done])
  }
}

/** The error as a plain object: a message to a page loses the class of an error. */
function told(error: Error): Answer['error'] {
  return { message: error.message, code: error instanceof OpfsError ? error.code : 'EIO' }
}
