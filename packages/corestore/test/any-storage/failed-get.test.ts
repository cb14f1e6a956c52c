// Cores that cannot be opened: `ready` says why, nothing is left behind, and the next `get` tries again.

import Hypercore from 'hypercore'
import { describe, expect, test } from 'vitest'
import { CorestoreError, type GetOptions } from '../../src/index.js'
import { bytes32, hex, text } from '../helpers/bytes.js'
import { openStore } from '../helpers/open-store.js'
import { workingStore } from '../helpers/working-store.js'

describe('an unknown discovery key', () => {
  test('is told, with what would be right, and leaves nothing behind', async () => {
    const { store, goesOn } = await workingStore()
    const unknown = store.get({ discoveryKey: bytes32(1) })
    const error: unknown = await unknown.ready().catch((error: unknown) => error)
    expect(error).toBeInstanceOf(CorestoreError)
    expect(error).toMatchObject({
      code: 'STORAGE_EMPTY',
      message:
        `No core is stored under the discovery key ${hex(bytes32(1))}: ` +
        'a new one takes its key or a name, and a store that is not read-only',
    })
    await expect(unknown.get(0)).rejects.toBe(error)
    await unknown.close()
    expect(unknown.closed).toBe(true)
    await goesOn()
  })

  test('is known as soon as its core is stored', async () => {
    const { store } = await workingStore()
    const discoveryKey = Hypercore.discoveryKey(bytes32(1))
    await expect(store.get({ discoveryKey }).ready()).rejects.toMatchObject({ code: 'STORAGE_EMPTY' })
    await store.get(bytes32(1)).ready()
    const found = store.get({ discoveryKey })
    await found.ready()
    expect(hex(found.key)).toBe(hex(bytes32(1)))
  })

  test('does not get in the way of the same core by its key, at the same moment', async () => {
    const { store } = await workingStore()
    const unknown = store.get({ discoveryKey: Hypercore.discoveryKey(bytes32(1)) })
    const known = store.get(bytes32(1))
    await Promise.all([unknown.ready().catch(() => {}), known.ready()])
    expect(known.opened).toBe(true)
  })
})

describe('a preload that fails', () => {
  const cause = new TypeError('nowhere')
  const NO_CORE = {
    code: 'BAD_ARGUMENT',
    message: 'preload, or the options beside it, must say which core is meant: by a name, a key, ...',
  }

  test.each<[string, GetOptions['preload'], object]>([
    [
      'because it rejects',
      () => Promise.reject(cause),
      { code: 'PRELOAD_FAILED', message: 'The preload given to get failed: nowhere', cause },
    ],
    [
      'because it throws',
      () => {
        throw cause
      },
      { code: 'PRELOAD_FAILED', message: 'The preload given to get failed: nowhere', cause },
    ],
    [
      'because its options are wrong',
      async () => ({ name: '' }),
      { code: 'BAD_ARGUMENT', message: 'name must not be empty' },
    ],
    ['because it gives nothing', async () => undefined as never, NO_CORE],
    ['because it gives no core', async () => ({ key: undefined, valueEncoding: 'json' }), NO_CORE],
    [
      'because it gives no options',
      async () => 5 as never,
      { code: 'BAD_ARGUMENT', message: expect.stringContaining('or an object of options, not a number') },
    ],
    [
      'because it gives a string that is no key',
      async () => 'zzz' as never,
      { code: 'BAD_ARGUMENT', message: expect.stringContaining('key must be 32 bytes') },
    ],
  ])('is told, and leaves nothing behind: %s', async (_, preload, expected) => {
    const { store, goesOn } = await workingStore()
    const failing = store.get({ preload })
    await expect(failing.ready()).rejects.toMatchObject(expected)
    await failing.close()
    expect(failing.closed).toBe(true)
    await goesOn()
  })
})

test('nobody has to listen: no rejection goes unhandled', async () => {
  const { store, goesOn } = await workingStore()
  const failing = [
    store.get({ discoveryKey: bytes32(1) }),
    store.get({ preload: Promise.reject(new TypeError('nowhere')) }),
    store.get({ preload: () => Promise.reject(new Error('nowhere')) }),
    store.get({ preload: async () => ({ name: '' }) }),
  ]
  await Promise.all(failing.map((core) => new Promise<void>((resolve) => core.once('close', resolve))))
  await goesOn()
})

describe('a storage that fails', () => {
  /** A store whose storage fails to look cores up as long as it is told to. */
  function failingStore() {
    const store = openStore()
    const { storage } = store
    const resumeCore = storage.resumeCore.bind(storage)
    const disk = { onFire: false }
    storage.resumeCore = async (discoveryKey) => {
      if (disk.onFire) throw Object.assign(new Error('disk on fire'), { code: 'EIO' })
      return resumeCore(discoveryKey)
    }
    return { store, disk }
  }

  test('is told to everybody who asked, and the next get tries again', async () => {
    const { store, disk } = failingStore()
    disk.onFire = true
    const attempts = [store.get({ name: 'a' }), store.get({ name: 'a' }), store.get(bytes32(1)), store.get()]
    for (const core of attempts) await expect(core.ready()).rejects.toThrow('disk on fire')
    await Promise.all(attempts.map((core) => core.close()))
    expect(attempts.map(({ closed }) => closed)).toEqual([true, true, true, true])
    expect(store.cores.size).toBe(0)
    expect(store.sessions.size).toBe(0)

    disk.onFire = false
    await store.get({ name: 'a' }).append('block')
    expect(text(await store.get({ name: 'a' }).get(0))).toBe('block')
    await store.get(bytes32(1)).ready()
    expect(store.cores.size).toBe(2)
  })

  test('does not concern the cores that are open', async () => {
    const { store, disk } = failingStore()
    const open = store.get({ name: 'open' })
    await open.append('block')
    disk.onFire = true
    await expect(store.get({ name: 'a' }).ready()).rejects.toThrow('disk on fire')
    expect(text(await store.get({ name: 'open' }).get(0))).toBe('block')
    await open.append('more')
    expect(open.length).toBe(2)
  })
})
