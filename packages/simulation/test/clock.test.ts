import { expect, test } from 'vitest'
import { Clock } from '../src/platform/clock.js'
import { VirtualTimer } from '../src/platform/timer.js'

test('the clock runs what is due in the order of time, and takes no real time for it', async () => {
  const clock = newClock()
  const order: string[] = []
  clock.after(5_000_000, () => order.push('late'))
  clock.after(1, () => order.push('early'))
  clock.after(1, () => order.push('early, too'))
  expect(await clock.drive(() => order.length === 3)).toBe('done')
  expect(order).toEqual(['early', 'early, too', 'late'])
  expect(clock.now).toBe(5_000_000)
})

test('the clock lets promises go on before the next timer', async () => {
  const clock = newClock()
  const order: string[] = []
  void clock.sleep(1).then(async () => {
    for (let turn = 0; turn < 10; turn++) await null
    order.push('promise')
  })
  clock.after(1, () => order.push('timer'))
  await clock.drive(() => order.length === 2)
  expect(order).toEqual(['promise', 'timer'])
})

test('immediates that go on and on do not hold up a timer', async () => {
  const clock = newClock()
  let isDue = false
  const again = () => {
    new VirtualTimer(clock, again, [], null, false)
  }
  again()
  clock.after(5, () => {
    isDue = true
  })
  expect(await clock.drive(() => isDue, 10_000)).toBe('done')
})

test('the clock says when nothing is left that could run', async () => {
  const clock = newClock()
  clock.after(1, () => {})
  expect(await clock.drive(() => false)).toBe('stuck')
})

test('the clock says when there is no end to it', async () => {
  const clock = newClock()
  const again = () => clock.after(1, again)
  again()
  expect(await clock.drive(() => false, 100)).toBe('busy')
})

test('the clock reports what a callback throws, and goes on', async () => {
  const thrown: unknown[] = []
  const clock = new Clock(
    () => 0,
    (error) => thrown.push(error),
  )
  const error = new Error('of a timer')
  clock.after(1, () => {
    throw error
  })
  clock.after(2, () => {})
  await clock.drive(() => clock.pending.length === 0)
  expect(thrown).toEqual([error])
})

function newClock(): Clock {
  return new Clock(
    () => 0,
    (error) => {
      throw error
    },
  )
}
