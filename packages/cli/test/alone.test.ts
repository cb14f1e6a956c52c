// Work that one process of a machine does at a time, and the file that is locked meanwhile.

import { randomUUID } from 'node:crypto'
import { existsSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import locks from 'fs-native-extensions'
import { expect, test, vi } from 'vitest'
import { whileAlone } from '../src/placing/alone.js'

const refusal = () => new Error('refused')

test('the locked file is removed afterwards, also when the work fails', async () => {
  const name = `test-${randomUUID()}`
  const file = join(tmpdir(), `coreyard-${name}.lock`)
  expect(await whileAlone(name, refusal, async () => existsSync(file))).toBe(true)
  expect(existsSync(file)).toBe(false)
  const failing = whileAlone(name, refusal, async () => {
    throw new Error('failed')
  })
  await expect(failing).rejects.toThrow('failed')
  expect(existsSync(file)).toBe(false)
})

test('a process that is refused leaves the file of the other one', async () => {
  const name = `test-${randomUUID()}`
  await whileAlone(name, refusal, async () => {
    await expect(whileAlone(name, refusal, async () => {})).rejects.toThrow('refused')
    await expect(whileAlone(name, refusal, async () => {})).rejects.toThrow('refused')
  })
})

test('a file that was removed after it was opened is not locked in place of the next one', async () => {
  const name = `test-${randomUUID()}`
  const file = join(tmpdir(), `coreyard-${name}.lock`)
  const { tryLock } = locks
  vi.spyOn(locks, 'tryLock').mockImplementationOnce((fd) => {
    unlinkSync(file)
    return tryLock(fd)
  })
  await whileAlone(name, refusal, async () => {
    await expect(whileAlone(name, refusal, async () => {})).rejects.toThrow('refused')
  })
  expect(existsSync(file)).toBe(false)
})
