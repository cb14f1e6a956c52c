// Says to the compiler what a type must be. Vitest's own `expectTypeOf` takes types apart, which does not end with types
// as recursive as those of a core.

/** Whether two types are one and the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** No argument if the condition holds; else one that nobody passes, so that the compiler shows both types. */
type Unless<Condition extends boolean, Actual, Expected> = Condition extends true
  ? []
  : [mismatch: { actual: Actual; expected: Expected }]

interface Expectation<Actual> {
  is<Expected>(...mismatch: Unless<Same<Actual, Expected>, Actual, Expected>): void
  fits<Expected>(...mismatch: Unless<[Actual] extends [Expected] ? true : false, Actual, Expected>): void
  fitsNot<Expected>(...mismatch: Unless<[Actual] extends [Expected] ? false : true, Actual, Expected>): void
}

/** What must hold of the type of a value, or of the type that is given instead. */
export declare function expectType<Actual>(value?: Actual): Expectation<Actual>
