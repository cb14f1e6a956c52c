// A random-access-storage of one's own: keeps what is written encrypted in another storage. The bytes are cut into pages, and
// each page is sealed with AES-256-GCM under a nonce that is new with every write, so whoever has the file sees its size, and
// where and when it is written, but can neither read a page, nor change one, nor put one in another's place.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import RandomAccessStorage, { type Request, type Stats } from 'random-access-storage'

/** Bytes of a page before it is sealed: that of the store's own pages, so that most writes replace whole ones. */
const PAGE = 4096
/** Bytes of AES-GCM's nonce and tag (NIST SP 800-38D, 5.2.1). */
const NONCE = 12
const TAG = 16
const SEALED = NONCE + PAGE + TAG

export class EncryptedStorage extends RandomAccessStorage {
  readonly #inner: RandomAccessStorage
  readonly #key: Uint8Array
  // A write reads the pages that it changes a part of, so writes take turns.
  #writes: Promise<unknown> = Promise.resolve()

  /** @param key 32 bytes */
  constructor(inner: RandomAccessStorage, key: Uint8Array) {
    super()
    this.#inner = inner
    this.#key = key
  }

  protected override _read(request: Request<Uint8Array>): void {
    answer(
      request,
      this.#writes.then(() => this.#readBytes(request.offset, request.size)),
    )
  }

  protected override _write(request: Request): void {
    const { offset, data } = request
    const written = this.#writes.then(() => (data === null ? undefined : this.#writeBytes(offset, data)))
    this.#writes = written.catch(() => {})
    answer(request, written)
  }

  // With this, a store asks how long the storage is instead of trying what can be read.
  protected override _stat(request: Request<Stats>): void {
    this.#inner.stat((error, stats) => {
      if (error !== null || stats === undefined) request.callback(error)
      else request.callback(null, { size: Math.floor(stats.size / SEALED) * PAGE })
    })
  }

  protected override _close(request: Request): void {
    this.#inner.close((error) => request.callback(error))
  }

  async #readBytes(offset: number, size: number): Promise<Uint8Array> {
    const first = Math.floor(offset / PAGE)
    const last = Math.floor((offset + size - 1) / PAGE)
    const pages: Uint8Array[] = []
    for (let page = first; page <= last; page++) {
      const content = await this.#readPage(page)
      if (content === null) {
        // The code by which a storage says that it ends here.
        throw Object.assign(new Error(`There is nothing at offset ${page * PAGE}`), { code: 'EPARTIALREAD' })
      }
      pages.push(content)
    }
    const start = offset - first * PAGE
    return Buffer.concat(pages).subarray(start, start + size)
  }

  async #writeBytes(offset: number, data: Uint8Array): Promise<void> {
    for (let done = 0; done < data.length; ) {
      const page = Math.floor((offset + done) / PAGE)
      const start = offset + done - page * PAGE
      const part = data.subarray(done, done + PAGE - start)
      const content = part.length === PAGE ? part : ((await this.#readPage(page)) ?? Buffer.alloc(PAGE))
      if (content !== part) content.set(part, start)
      await this.#writePage(page, content)
      done += part.length
    }
  }

  /** `null` for a page past the end. */
  async #readPage(page: number): Promise<Uint8Array | null> {
    const sealed = await new Promise<Uint8Array | null>((resolve, reject) => {
      this.#inner.read(page * SEALED, SEALED, (error, data) => {
        if (error === null) resolve(data ?? null)
        else if (isEnd(error)) resolve(null)
        else reject(error)
      })
    })
    if (sealed === null) return null
    // What lies between pages that were written is zero, in every storage. (Whoever zeroes a page gains nothing by it: a store
    // has checksums of its own.)
    if (sealed.every((byte) => byte === 0)) return Buffer.alloc(PAGE)
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, NONCE))
    decipher.setAAD(placeOf(page))
    decipher.setAuthTag(sealed.subarray(NONCE + PAGE))
    try {
      return Buffer.concat([decipher.update(sealed.subarray(NONCE, NONCE + PAGE)), decipher.final()])
    } catch (cause) {
      const message = `The page at offset ${page * PAGE} was changed, or sealed with another key`
      throw Object.assign(new Error(message, { cause }), { code: 'EBADMSG' })
    }
  }

  async #writePage(page: number, content: Uint8Array): Promise<void> {
    const nonce = randomBytes(NONCE)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce)
    cipher.setAAD(placeOf(page))
    const sealed = Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()])
    await new Promise<void>((resolve, reject) => {
      this.#inner.write(page * SEALED, sealed, (error) => (error === null ? resolve() : reject(error)))
    })
  }
}

/** Whether there is nothing (more) to read: what random-access-file says of a file that is too short, or not there. */
function isEnd(error: Error): boolean {
  return !('code' in error) || error.code === 'EPARTIALREAD' || error.code === 'ENOENT'
}

/** What ties a sealed page to its place. */
function placeOf(page: number): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(page))
  return bytes
}

function answer<Result>(request: Request<Result>, result: Promise<Result>): void {
  result.then(
    (value) => request.callback(null, value),
    (error: Error) => request.callback(error),
  )
}
