import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { measureInChild } from '../src/child.js'
import type { MeasurementWanted } from '../src/measure.js'
import type { Measurement } from '../src/perform.js'
import { temporaryDirectory } from './helpers/temporary.js'
import { tiny } from './helpers/tiny.js'

/** More than a measurement takes on any machine, in seconds. */
const LONG = 600

const measured = () => {}

describe('a measurement in a process of its own', () => {
  test('reports what was measured', async () => {
    const measurements: Measurement[] = []
    await measureInChild(wanted(), { limit: LONG, measured: (each) => measurements.push(each) })
    expect(measurements[0]).toMatchObject({ row: 'append', value: expect.any(Number) })
  })

  test('has the options of Node.js that it is to have', async () => {
    const nodeOptions = ['--title=measured']
    const telling = measureInChild(wanted(), {
      limit: LONG,
      measured,
      nodeOptions,
      program: fixture('tells-title'),
    })
    await expect(telling).rejects.toThrow(/^measured$/)
  })

  test('is ended when it takes longer than its limit, and says so', async () => {
    const hanging = measureInChild(wanted(), { limit: 0.2, measured, program: fixture('hangs') })
    await expect(hanging).rejects.toMatchObject({
      code: 'MEASUREMENT_FAILED',
      message: 'It took longer than 0.2 seconds and was ended.',
    })
  })

  test('is ended when the run is', async () => {
    const abort = new AbortController()
    const ended = measureInChild(wanted(), {
      limit: LONG,
      measured,
      program: fixture('hangs'),
      signal: abort.signal,
    })
    abort.abort()
    await expect(ended).rejects.toThrow('The process ended with SIGKILL')
  })

  test('that crashes fails with what the process said', async () => {
    const crashing = measureInChild(wanted(), { limit: LONG, measured, program: fixture('crashes') })
    await expect(crashing).rejects.toThrow(/^The process ended with 1\. .*broken on purpose/s)
  })

  test('that runs out of memory says so', async () => {
    const nodeOptions = ['--max-old-space-size=20']
    const growing = measureInChild(wanted(), {
      limit: LONG,
      measured,
      nodeOptions,
      program: fixture('runs-out'),
    })
    await expect(growing).rejects.toThrow(/^The process ran out of memory and ended with SIG/)
  })

  test('that fails does so with the error of the task', async () => {
    const failing = measureInChild({ ...wanted(), contestant: 'nobody' }, { limit: LONG, measured })
    await expect(failing).rejects.toThrow('no contestant nobody')
  })
})

function wanted(): MeasurementWanted {
  const directory = temporaryDirectory()
  return { task: 'blocks', contestant: 'coreyard-memory', sizes: tiny, cores: 0, directory }
}

function fixture(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}.js`, import.meta.url))
}
