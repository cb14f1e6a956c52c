// What closing a core relies on.

import { expect, test } from 'vitest'
import { closingSteps, endExclusives, isWriting, whileUnwritten, writeEnded } from '../../src/index.js'
import { newCore, session } from '../live.js'

test('Core.close rejects while a session is open, and closingSteps close the session first', async () => {
  const core = await newCore()
  const open = session(core)
  await open.ready()
  await expect(core.close()).rejects.toThrow()

  const other = await newCore()
  const own = session(other)
  await own.ready()
  for (const step of closingSteps(other, null)) await step()
  expect([own.closed, other.closed]).toEqual([true, true])
})

test('an exclusive session takes its turn with Core.lockExclusive, and Mutex.destroy fails those that wait', async () => {
  const core = await newCore()
  await session(core, { exclusive: true }).ready()
  const waiting = session(core, { exclusive: true })
  const opened = waiting.ready()
  while (!waiting.exclusive) await new Promise(setImmediate)
  const error = new Error('ended')
  endExclusives(core, error)
  await expect(opened).rejects.toBe(error)
  await expect(session(core, { exclusive: true }).ready()).rejects.toBe(error)
})

test('Hypercore holds SessionState.mutex while it appends', async () => {
  const core = await newCore()
  const writer = session(core)
  await writer.ready()
  expect(isWriting(core)).toBe(false)
  const appended = writer.append('a')
  while (!isWriting(core)) await null
  await writeEnded(core)
  expect(core.state?.length).toBe(1)
  await appended
})

test('an append waits for what holds SessionState.mutex', async () => {
  const core = await newCore()
  const writer = session(core)
  await writer.ready()
  let appended: Promise<unknown> | undefined
  const length = await whileUnwritten(core, async () => {
    appended = writer.append('a')
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
    return core.state?.length
  })
  expect(length).toBe(0)
  await appended
  expect(core.state?.length).toBe(1)
})
