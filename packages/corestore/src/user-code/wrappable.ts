// Objects that users may wrap in a `Proxy`, as reactive frameworks do, or derive from with `Object.create`. Private fields (`#field`)
// belong to the object itself: a method that is called on a wrapper does not find them. A function passes through every wrapper unchanged,
// and its result is not wrapped.

/** Keeps `value` for an object, in a function under `key`, where its methods find it however the object is wrapped. */
export function keep(owner: object, key: symbol, value: unknown): void {
  Object.defineProperty(owner, key, { value: () => value })
}
