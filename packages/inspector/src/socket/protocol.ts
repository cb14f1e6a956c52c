// What goes over the socket of a store: one request as a line of JSON, then answers, a line of JSON each.

import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import type { Picture } from '../picture.js'

/** What may be asked. Nothing of it changes the store. */
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

/** The answers to `inspect`: a picture with some of its cores, then parts of the others. */
export type PicturePart = Picture | Pick<Picture, 'cores'>

export type Answer =
  | { readonly value: unknown }
  /** The last one. Without it, the process has ended before it had said all. */
  | { readonly end: true }
  | { readonly error: { readonly code: string; readonly message: string } }

/** The most bytes of a request. */
export const MOST_REQUEST = 4096

/** The most bytes that the path of a socket may have on every system (`sun_path`). */
const MOST_PATH = 103

/** Where the socket of the store in a directory is, by whichever link the directory is named. */
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
    return resolve(directory) // it is not there (yet)
  }
}
