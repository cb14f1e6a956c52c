// A typed event emitter that does not depend on the types of Node.js. Every object of the Hypercore stack with events is one. The events
// are declared next to the object that emits them.
//
// `listeners` and `rawListeners` have two overloads, because the types of Node.js 20 to 24 return `Function`, and those of Node.js 26
// functions of any arguments. Only a type that the caller names fits both.

/** An event map: every event name maps to the tuple of arguments that its listeners receive. */
export type EventMap<Events> = { [Name in keyof Events]: unknown[] }

/** A function that takes the arguments of one event. */
export type Listener<Args extends unknown[]> = (...args: Args) => void

/**
 * A Node.js `EventEmitter`, or a compatible one, whose events are typed.
 *
 * `Events` maps each event name to the tuple of its arguments: `{ close: []; error: [error: Error] }`.
 */
export interface Emitter<Events extends EventMap<Events>> {
  /** Calls `listener` each time `event` is emitted. */
  on<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): this
  /** Calls `listener` the next time `event` is emitted, once. */
  once<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): this
  /** Removes a listener. */
  off<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): this
  /** Same as `on`. */
  addListener<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): this
  /** Same as `off`. */
  removeListener<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): this
  /** Removes all listeners of `event`, or of every event. */
  removeAllListeners(event?: keyof Events): this
  /** Like `on`, but called before the existing listeners. */
  prependListener<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): this
  /** Like `once`, but called before the existing listeners. */
  prependOnceListener<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): this
  /** Calls the listeners of `event`. Returns whether there were any. */
  emit<Name extends keyof Events>(event: Name, ...args: Events[Name]): boolean
  /** Returns how many listeners `event` has. */
  listenerCount(event: keyof Events): number
  /** Returns the listeners of `event`, without the wrappers of `once`. */
  listeners(event: keyof Events): CallableFunction[]
  listeners<Known extends CallableFunction>(event: keyof Events): Known[]
  /** Returns the listeners of `event`, with the wrappers of `once`. */
  rawListeners(event: keyof Events): CallableFunction[]
  rawListeners<Known extends CallableFunction>(event: keyof Events): Known[]
  /** Returns the events that have listeners. */
  eventNames(): (string | symbol)[]
  /** Sets how many listeners an event may have before Node.js warns of a leak; 0 for no limit. */
  setMaxListeners(count: number): this
  /** Returns the limit of `setMaxListeners`. Default: 10. */
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
