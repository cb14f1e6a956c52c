// Where a write of Hypercore can be made to wait.

import { expect, test } from 'vitest'
import { DoubtfulCore, whileUnwritten } from '../../src/index.js'
import { newCore, session } from '../live.js'

async function heldCore() {
  const core = await newCore()
  await core.ready()
  const doubtful = DoubtfulCore.of(core) ?? expect.fail('The core is open')
  const calls: number[] = []
  doubtful.hold(async () => {
    calls.push(doubtful.length)
  })
  return { core, doubtful, calls, writer: session(core) }
}

test('Hypercore writes through SessionState.append and truncate', async () => {
  const { calls, writer } = await heldCore()
  await writer.append('a')
  await writer.append('b')
  await writer.truncate(1)
  expect(calls).toEqual([0, 1, 2])
})

test('Hypercore makes the state of a session with an atom by SessionState.createSession, and appends through it', async () => {
  const { core, calls, writer } = await heldCore()
  await writer.append('a')
  const atom = core.storage?.createAtom() ?? expect.fail('The core is open')
  const atomic = session(core, { atom })
  await atomic.append('b')
  expect(calls).toEqual([0, 1])
  await atom.flush()
  expect(core.state?.length).toBe(2)
})

test('Hypercore commits a named session through SessionState.commit', async () => {
  const { core, calls, writer } = await heldCore()
  await writer.append('a')
  const draft = writer.session({ name: 'draft' })
  await draft.append('b')
  calls.length = 0
  await core.state?.sessions[0]?.commit(draft)
  expect(calls).toEqual([1])
  await draft.close()
})

test('SessionState.append waits for no peers when waitForRecovery is replaced', async () => {
  const { core, writer } = await heldCore()
  await writer.ready()
  if (core.header !== null) core.header.hints.recovering = 1
  await writer.append('a')
  expect(writer.length).toBe(1)
})

test('Core.flushHints stores the hint recovering once hintsChanged is set', async () => {
  const { core, doubtful, writer } = await heldCore()
  await writer.ready()
  if (core.header !== null) core.header.hints.recovering = 1
  expect(doubtful.isHinted).toBe(true)
  await doubtful.forgetHint()
  const hints = await whileUnwritten(core, (records) => {
    const reads = records.read()
    const read = reads.getHints()
    reads.tryFlush()
    return read
  })
  expect([doubtful.isHinted, hints?.recovering]).toEqual([false, 0])
})
