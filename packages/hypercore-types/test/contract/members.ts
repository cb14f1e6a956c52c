// Compares an object with the members that its type declares. The lists of members are checked by the compiler to be
// complete, so that a type and the real thing cannot drift apart unnoticed: neither by an edit here nor by an upgrade.

/** What a member is at run time; `any` where its type does not say. */
type Kind<Value> = unknown extends Value
  ? 'any'
  : Value extends (...args: never[]) => unknown
    ? 'method'
    : Value extends boolean
      ? 'boolean'
      : Value extends number
        ? 'number'
        : Value extends string
          ? 'string'
          : Value extends Uint8Array
            ? 'bytes'
            : 'object'

/** Every member of `T`, with what it is. */
export type Members<T> = {
  readonly [Name in keyof T]-?: unknown extends T[Name] ? 'any' : Kind<NonNullable<T[Name]>>
}

const fits = {
  any: () => true,
  method: (value: unknown) => typeof value === 'function',
  boolean: (value: unknown) => typeof value === 'boolean',
  number: (value: unknown) => typeof value === 'number',
  string: (value: unknown) => typeof value === 'string',
  bytes: (value: unknown) => value instanceof Uint8Array,
  object: (value: unknown) => typeof value === 'object' && !(value instanceof Uint8Array),
}

/** The declared members that `object` lacks, or that are something else there. A field may be `null`. */
export function missingMembers<T extends object>(object: T, members: Members<T>): string[] {
  const missing: string[] = []
  for (const name of Reflect.ownKeys(members)) {
    const kind = Reflect.get(members, name) as keyof typeof fits
    const value: unknown = Reflect.get(object, name)
    const isThere = Reflect.has(object, name) && (value === null ? kind !== 'method' : fits[kind](value))
    if (!isThere) missing.push(`${String(name)} is ${String(value)}, not a ${kind}`)
  }
  return missing
}
