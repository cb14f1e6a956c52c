import { describe, it } from 'vitest'
import { backup, memoryStorage } from '../src/index.js'
import { engineOf } from './engines.js'
import { expectFilled, fill } from './families.js'
import { PLACES } from './places.js'

describe.each(PLACES)('a backup of an open store on %s', (_, make) => {
  it('has the column families of other programs, and leaves the store open', async () => {
    const { argument, options } = make()
    const first = engineOf(argument, options)
    await fill(first.storage)
    await first.close()
    const engine = engineOf(argument, options)
    await engine.open()
    const to = memoryStorage()
    await backup(engine.storage, to)
    await expectFilled(engineOf(to).storage)
    await expectFilled(engine.storage)
  })
})
