// The package `text-decoder`, which streamx uses for `setEncoding`: text from bytes that come in parts. Browsers decode UTF-8
// themselves. streamx requires a class as the module itself, which an ES module cannot be.

type Decode = (part: Uint8Array) => string

const eachByte =
  (toText: (byte: number) => string): Decode =>
  (part) =>
    Array.from(part, toText).join('')
const latin1 = eachByte((byte) => String.fromCharCode(byte))

/** Decodes encodings in which each byte stands alone. */
const BY_BYTE: Readonly<Record<string, Decode>> = {
  latin1,
  binary: latin1,
  ascii: eachByte((byte) => String.fromCharCode(byte & 0x7f)),
  hex: eachByte((byte) => byte.toString(16).padStart(2, '0')),
}

class PartsDecoder {
  readonly #utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
  readonly #decode: Decode
  /** How many bytes of an incomplete character have come. Browsers do not tell. */
  readonly remaining = 0

  constructor(encoding = 'utf8') {
    const name = encoding.toLowerCase()
    const decode = /^utf-?8$/.test(name)
      ? (part: Uint8Array) => this.#utf8.decode(part, { stream: true })
      : BY_BYTE[name]
    if (decode === undefined) throw new Error(`Unsupported encoding: ${encoding}`)
    this.#decode = decode
  }

  push(part: Uint8Array | string): string {
    return typeof part === 'string' ? part : this.#decode(part)
  }

  /** An incomplete character at the end becomes U+FFFD. */
  end(part: Uint8Array | string = ''): string {
    return this.push(part) + this.#utf8.decode()
  }
}

module.exports = PartsDecoder
