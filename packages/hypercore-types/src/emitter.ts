// A typed event emitter, told without Node's own types: what every evented object of the Hypercore stack is.
// The events themselves live beside the object that emits them.
//
// `listeners` and `rawListeners` are told twice, because the types of Node.js 20 to 24 give `Function`, and those of Node.js 26 functions of
// any arguments. Only a type that the caller names fits both.

/** What an event map may be: every event name maps to the tuple of arguments that its listeners receive. */
export type EventMap<Events> = { [Name in keyof Events]: unknown[] }

/** A function that takes the arguments of one event. */
export type Listener<Args extends unknown[]> = (...args: Args) => void

/**
 * A Node.js `EventEmitter` (or one that works alike) whose events are known.
 *
 * `Events` maps each event name to the tuple of its arguments: `{ close: []; error: [error: Error] }`.
 */
export interface Emitter<Events extends EventMap<Events>> {
  /** Calls `listener` each time `event` is emitted. */
  on<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): this
  /** Calls `listener` the next time `event` is emitted, once. */
  once<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): this
  /** Takes a listener away again. */
  off<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): this
  /** Same as `on`. */
  addListener<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): this
  /** Same as `off`. */
  removeListener<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): this
  /** Takes all listeners of `event` away, or those of every event. */
  removeAllListeners(event?: keyof Events): this
  /** Like `on`, called before the listeners that are there already. */
  prependListener<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): this
  /** Like `once`, called before the listeners that are there already. */
  prependOnceListener<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): this
  /** Calls the listeners of `event`; whether there were any. */
  emit<Name extends keyof Events>(event: Name, ...args: Events[Name]): boolean
  /** How many listeners `event` has. */
  listenerCount(event: keyof Events): number
  /** The listeners of `event`, without the wrappers that `once` makes. */
  listeners(event: keyof Events): CallableFunction[]
  listeners<Known extends CallableFunction>(event: keyof Events): Known[]
  /** The listeners of `event`, with the wrappers that `once` makes. */
  rawListeners(event: keyof Events): CallableFunction[]
  rawListeners<Known extends CallableFunction>(event: keyof Events): Known[]
  /** The events that have listeners. */
  eventNames(): (string | symbol)[]
  /** How many listeners an event may have before Node.js warns of a leak; 0 for no limit. */
  setMaxListeners(count: number): this
  /** See `setMaxListeners`; 10 unless set. */
  getMaxListeners(): number
}

/**
 * The class of an {@link Emitter}, for a class of your own to extend:
 *
 * ```ts
 * import { EventEmitter } from 'node:events'
 *
 * const TypedEmitter: EmitterConstructor<{ close: [] }> = EventEmitter
 * class Store extends TypedEmitter {}
 * ```
 */
export type EmitterConstructor<Events extends EventMap<Events>> = new () => Emitter<Events>
