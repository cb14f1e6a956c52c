/** Ends what is under way when the run has failed. */
export class RunEnded extends Error {
  override readonly name = 'RunEnded'
}
