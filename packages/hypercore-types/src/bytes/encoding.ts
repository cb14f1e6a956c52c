// The encodings that Hypercore accepts, which turn a value into the bytes of a block and back, and the type of the
// values of each. The codecs themselves are elsewhere (compact-encoding).

/** Encodings by name whose values are strings. */
export type StringEncoding =
  | 'utf-8'
  | 'utf8'
  | 'ascii'
  | 'hex'
  | 'base64'
  | 'utf16-le'
  | 'utf16le'
  | 'ucs-2'
  | 'ucs2'

/** Encodings by name whose values are anything that JSON can hold. */
export type JsonEncoding = 'json' | 'ndjson'

/** Encodings that can be named by a string. */
export type NamedEncoding = 'binary' | StringEncoding | JsonEncoding

/** Where a compact encoding reads or writes: a byte range `start` to `end` of a buffer. */
export interface EncodingState {
  /** Offset in bytes of the next read or write. */
  start: number
  /** Offset in bytes past the last byte. */
  end: number
  /** The bytes; `null` while sizes are added up, before they are allocated. */
  buffer: Uint8Array | null
}

/** A codec with the interface of `compact-encoding`: sizes first, then bytes, many values in one buffer. */
export interface CompactEncoding<T> {
  /** Adds the size of `value` in bytes to `state.end`. */
  preencode(state: EncodingState, value: T): void
  /** Writes `value` at `state.start` and moves `state.start` past it. */
  encode(state: EncodingState, value: T): void
  /** Reads a value at `state.start` and moves `state.start` past it. */
  decode(state: EncodingState): T
}

/** A codec with the interface of `abstract-encoding`: one value into a given buffer at an offset. */
export interface AbstractEncoding<T> {
  /** The size of `value` in bytes. */
  encodingLength(value: T): number
  /** Writes `value` into `buffer` at `offset`. Afterwards, `encode.bytes` is the number of bytes written. */
  encode: {
    (value: T, buffer?: Uint8Array, offset?: number): Uint8Array
    bytes: number
  }
  /** Reads a value from `buffer` at `offset`. Afterwards, `decode.bytes` is the number of bytes read. */
  decode: {
    (buffer: Uint8Array, offset?: number, end?: number): T
    bytes: number
  }
}

/** The simplest codec: a value to bytes, bytes to a value. */
export interface Codec<T> {
  /** Returns the bytes of `value`. */
  encode(value: T): Uint8Array
  /** Returns the value of `bytes`. */
  decode(bytes: Uint8Array): T
}

/**
 * A value of `valueEncoding`: a name, or a codec of any of the three interfaces. At run time, a `Uint8Array` is always stored unchanged,
 * with any encoding.
 */
export type ValueEncoding = NamedEncoding | EncodingObject

/** The common part of the three interfaces of a codec. */
interface EncodingObject<T = unknown> {
  encode(...args: never[]): unknown
  decode(...args: never[]): T
}

/**
 * The type of the values of an encoding: `Uint8Array` for `'binary'` or none, `string` for `'utf-8'` and the other
 * text encodings, `unknown` for `'json'`, and a codec's own type.
 */
export type ValueOf<Encoding> = Encoding extends 'binary' | null | undefined
  ? Uint8Array
  : Encoding extends StringEncoding
    ? string
    : Encoding extends JsonEncoding
      ? unknown
      : Encoding extends { decode(...args: never[]): infer Value }
        ? Value
        : never

/**
 * The encodings whose values can be of type `T`: JSON for any type, text for strings, `'binary'` for bytes, and the codecs of `T`.
 */
export type EncodingOf<T> =
  | JsonEncoding
  | EncodingObject<T>
  | ([T] extends [string] ? StringEncoding : never)
  | ([T] extends [Uint8Array] ? 'binary' : never)

/** Options that say how values are encoded. */
export interface Encoded<Encoding> {
  valueEncoding: Encoding
}

/** The type of the values of a session: `T` if the caller named it, as in `get<T>`, otherwise the type of the encoding. */
export type SessionValue<T, Encoding> = [T] extends [never] ? ValueOf<Encoding> : T
