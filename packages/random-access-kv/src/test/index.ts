/**
 * A storage that loses power, for tests of programs that keep their data in a store:
 *
 * ```ts
 * import { RandomAccessKV } from '@coreyard/random-access-kv'
 * import { PowerCut } from '@coreyard/random-access-kv/test'
 *
 * export async function afterCut(seed: number, work: (kv: RandomAccessKV) => Promise<void>): Promise<RandomAccessKV> {
 *   const storage = new PowerCut(new Uint8Array(0), 20, seed) // the power goes during the 21st write, truncation or sync
 *   await work(new RandomAccessKV(storage)).catch((error: unknown) => {
 *     if (!storage.isCut) throw error
 *   })
 *   return new RandomAccessKV(new PowerCut(storage.survivors(), Number.POSITIVE_INFINITY, seed))
 * }
 * ```
 *
 * @module
 */
export { assertNoHole, Bytes } from './bytes.js'
export { PowerCut } from './power-cut.js'
export { random } from './random.js'
