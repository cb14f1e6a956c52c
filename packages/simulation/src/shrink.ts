// From a plan that fails to a short one that fails in the same way: operations are left out until none can be.

import type { Operation } from './operations/operation.js'
import type { Plan } from './plan.js'

/**
 * @param fails whether a plan fails as the first one did
 * @param mayGoOn asked before each run
 */
export async function shrink(
  plan: Plan,
  fails: (plan: Plan) => Promise<boolean>,
  mayGoOn: () => boolean,
): Promise<Plan> {
  let shortest = plan
  for (let size = Math.ceil(plan.operations.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let end = shortest.operations.length; end > 0 && mayGoOn(); end -= size) {
      const candidate = without(shortest, Math.max(0, end - size), end)
      if (await fails(candidate)) shortest = candidate
    }
  }
  return shortest
}

/** Without some operations. What follows happens when it would have. */
function without({ options, operations }: Plan, start: number, end: number): Plan {
  const wait = operations.slice(start, end).reduce((sum, operation) => sum + operation.wait, 0)
  const rest: Operation[] = operations.slice(end)
  const [next, ...others] = rest
  const following = next === undefined ? [] : [{ ...next, wait: next.wait + wait }, ...others]
  return { options, operations: [...operations.slice(0, start), ...following] }
}
