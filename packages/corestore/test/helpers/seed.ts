// Chance that can be repeated.

/** A seed for the random choices of a test, which is told so that a failure can be repeated: `SEED=…`. */
export function tellSeed(): number {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 32)
  console.info(`SEED=${seed}`)
  return seed
}
