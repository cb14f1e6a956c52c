import { describe, expect, it } from 'vitest'
import { expectFilled, fill } from '../../storage/test/families.js'
import { convert } from '../src/index.js'
import { engineOf } from './engines.js'
import { PLACES } from './stores.js'

describe.each(PLACES)('column families of other programs on %s', (_, make) => {
  it.each(PLACES)('are carried by a conversion to %s', async (__, destination) => {
    const from = make()
    const engine = engineOf(from.argument, from.options)
    await fill(engine.storage)
    await engine.close()
    const to = destination()
    const options = { from: from.options, to: to.options }
    const converted = await convert(from.argument, to.argument, options)
    expect(await convert(from.argument, to.argument, options)).toEqual({ ...converted, written: 0 })
    const again = engineOf(to.argument, to.options)
    await expectFilled(again.storage)
    await again.close()
  })
})
