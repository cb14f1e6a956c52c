import { expect, test } from 'vitest'
import type { Operation } from '../src/operations/operation.js'
import { drawPlan, type Plan } from '../src/plan.js'
import { shrink } from '../src/shrink.js'

const plan: Plan = {
  options: drawPlan(1, 'safe').options,
  operations: Array.from({ length: 20 }, (_, machine): Operation => ({ kind: 'flush', machine, wait: 10 })),
}

test('shrinking leaves out every operation that the failure does not need', async () => {
  const needed = [3, 11]
  const shortest = await shrink(
    plan,
    async (candidate) => needed.every((machine) => machines(candidate).includes(machine)),
    () => true,
  )
  expect(machines(shortest)).toEqual(needed)
})

test('shrinking leaves the operations that are left where they were in time', async () => {
  const shortest = await shrink(
    plan,
    async (candidate) => machines(candidate).includes(11),
    () => true,
  )
  expect(shortest.operations).toEqual([{ kind: 'flush', machine: 11, wait: 120 }])
})

test('shrinking gives what it has when its time is over', async () => {
  const shortest = await shrink(
    plan,
    async () => true,
    () => false,
  )
  expect(shortest).toEqual(plan)
})

function machines({ operations }: Plan): number[] {
  return operations.map((operation) => ('machine' in operation ? operation.machine : -1))
}
