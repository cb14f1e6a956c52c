// The protocol of the socket of a store: the client sends one request as a line of JSON, and the server a line of JSON for each answer.

import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import type { Picture } from '../picture.js'

/** A request. None changes the store. */
export type Request =
  | { readonly ask: 'inspect'; readonly stored?: boolean | undefined }
  | { readonly ask: 'list' }
  | { readonly ask: 'watch'; readonly interval?: number | undefined }
  | {
      readonly ask: 'explain'
      readonly key: string
      readonly peer?: string | null | undefined
      readonly patience?: number | undefined
    }

/** The answers to `inspect`: a picture with some of its cores, then the other cores in parts. */
export type PicturePart = Picture | Pick<Picture, 'cores'>

export type Answer =
  | { readonly value: unknown }
  /** The last answer. Without it, the process has ended before it sent all answers. */
  | { readonly end: true }
  | { readonly error: { readonly code: string; readonly message: string } }

/** The maximum number of bytes of a request. */
export const MOST_REQUEST = 4096

/** The maximum number of bytes of a socket path that every system accepts (`sun_path`). */
const MOST_PATH = 103

/** Returns the path of the socket of the store in a directory. It is the same for every symbolic link to the directory. */
export function socketPath(directory: string): string {
  const path = join(real(directory), 'inspector.sock')
  if (process.platform !== 'win32' && Buffer.byteLength(path) <= MOST_PATH) return path
  const id = createHash('sha256').update(path).digest('hex').slice(0, 32)
  if (process.platform === 'win32') return `\\\\.\\pipe\\coreyard-${id}`
  return join(tmpdir(), `coreyard-${userInfo().uid}-${id}.sock`)
}

function real(directory: string): string {
  try {
    return realpathSync(directory)
  } catch {
    return resolve(directory) // it does not exist (yet)
  }
}
