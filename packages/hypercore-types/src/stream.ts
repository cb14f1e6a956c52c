// Structural types of streams: those that callers pass in (any stream of Node.js or streamx fits), and those that callers receive.

import type { Emitter, EventMap } from './emitter.js'

/** The destination of a pipe: any writable of Node.js or streamx. */
export interface StreamSink {
  write(data: Uint8Array): unknown
  // streamx declares one argument, and Node.js several kinds of it. Both can be called without an argument.
  end(data?: undefined): unknown
  on(event: 'close' | 'drain' | 'finish', listener: () => void): unknown
}

/** A duplex stream of bytes that callers pass in: any duplex of Node.js or streamx. Pipe it to read from it. */
export interface DuplexStream {
  readonly destroyed: boolean
  /** Whether more may be written right now. */
  write(data: Uint8Array): boolean
  // See `StreamSink.end`.
  end(data?: undefined): unknown
  destroy(error?: Error): unknown
  pipe(destination: never): unknown
  on(event: 'close' | 'end' | 'drain' | 'finish', listener: () => void): unknown
  once(event: 'close' | 'end' | 'drain' | 'finish', listener: () => void): unknown
}

/** Events of a stream that is read. */
export interface ReadStreamEvents<T> {
  /** Nothing happens to it any more. */
  close: []
  data: [value: T]
  /** All has been read. */
  end: []
  error: [error: Error]
  readable: []
}

/** A stream of values to read: iterate over it, pipe it or listen to `data`. */
export interface ReadStream<T> extends Emitter<ReadStreamEvents<T>>, AsyncIterable<T> {
  readonly destroyed: boolean
  readonly destroying: boolean
  /** Returns the next value; `null` if none is available yet. */
  read(): T | null
  pause(): this
  resume(): this
  pipe<Sink extends StreamSink>(destination: Sink): Sink
  destroy(error?: Error | null): void
}

/** Events of a stream that is written. */
export interface WriteStreamEvents {
  /** Nothing happens to it any more. */
  close: []
  /** More may be written. */
  drain: []
  error: [error: Error]
  /** Everything written is stored. */
  finish: []
}

/** A stream to write values to. */
export interface WriteStream<T> extends Emitter<WriteStreamEvents> {
  readonly destroyed: boolean
  readonly destroying: boolean
  /** Whether more may be written right now; wait for `drain` if not. */
  write(value: T): boolean
  end(value?: T): this
  destroy(error?: Error | null): void
}

/** Events of a duplex stream of bytes. */
export interface ByteStreamEvents {
  close: []
  data: [data: Uint8Array]
  drain: []
  end: []
  error: [error: Error]
  finish: []
}

/** A duplex stream of bytes that callers receive. Node.js accepts it as a duplex stream. */
export interface ByteDuplex<Events extends ByteStreamEvents & EventMap<Events> = ByteStreamEvents>
  extends Emitter<Events> {
  readonly readable: boolean
  readonly writable: boolean
  readonly destroyed: boolean
  readonly destroying: boolean
  /** Whether more may be written right now; wait for `drain` if not. */
  write(data: Uint8Array | string): boolean
  end(): this
  /** Writes `data` first. */
  end(data: Uint8Array | string): this
  /** Returns the next bytes; `null` if none are available yet. */
  read(): Uint8Array | null
  pause(): this
  resume(): this
  pipe<Sink extends StreamSink>(destination: Sink): Sink
  destroy(error?: Error | null): void
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array>
}
