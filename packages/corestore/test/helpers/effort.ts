// How much of a long test is done.

/** So many times, of so much: all of it with `TEST_ALL`, which CI sets, and a part of it by default. */
export function effort(complete: number, usual: number): number {
  return process.env.TEST_ALL ? complete : usual
}
