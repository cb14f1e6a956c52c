// Streams, told by shape: what is taken from a caller (any Node.js or streamx stream fits) and what is given to one.

import type { Emitter, EventMap } from './emitter.js'

/** What a stream can be piped into: any Node.js or streamx writable. */
export interface StreamSink {
  write(data: Uint8Array): unknown
  // streamx declares an argument, Node.js more than one kind of it: none is what both can be called with.
  end(data?: undefined): unknown
  on(event: 'close' | 'drain' | 'finish', listener: () => void): unknown
}

/** A duplex stream of bytes as it is taken from a caller: any of Node.js or streamx fits. Pipe it to read from it. */
export interface DuplexStream {
  readonly destroyed: boolean
  /** Whether more may be written right now. */
  write(data: Uint8Array): boolean
  // As of a sink.
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

/** A stream to read values of: iterate over it, pipe it or listen to `data`. */
export interface ReadStream<T> extends Emitter<ReadStreamEvents<T>>, AsyncIterable<T> {
  readonly destroyed: boolean
  readonly destroying: boolean
  /** The next value, or `null` where none is there yet. */
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
  /** All that was written is stored. */
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

/** A duplex stream of bytes as the stack gives it to a caller; fits where Node.js takes a duplex stream. */
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
  /** The next bytes, or `null` where none are there yet. */
  read(): Uint8Array | null
  pause(): this
  resume(): this
  pipe<Sink extends StreamSink>(destination: Sink): Sink
  destroy(error?: Error | null): void
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array>
}
