// Making a store: the ways to call it. What it takes as its storage and its options have files of their own.

import { createRequire } from 'node:module'
import { describe, expect, onTestFinished, test } from 'vitest'
import DefaultExport, { Corestore, corestore } from '../../src/index.js'
import { openStore } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'

describe('a store', () => {
  test('is made with new', async () => {
    const store = openStore()
    await store.ready()
    expect(store).toBeInstanceOf(Corestore)
    expect(store.storage.opened).toBe(true)
  })

  test('is made without new by corestore(storage, options)', async () => {
    const { storage, options } = newPlace()
    const store = corestore(storage, { ...options, manifestVersion: 0 })
    onTestFinished(() => store.close())
    await store.ready()
    expect(store).toBeInstanceOf(Corestore)
    expect(store.manifestVersion).toBe(0)
  })

  test('has its class as the default export', () => {
    expect(DefaultExport).toBe(Corestore)
  })

  test('has its class as what require() gives', async () => {
    const Required: typeof Corestore = createRequire(import.meta.url)('@coreyard/corestore')
    const { storage, options } = newPlace()
    const store = new Required(storage, options)
    onTestFinished(() => store.close())
    await store.ready()
    expect(store.opened).toBe(true)
  })
})
