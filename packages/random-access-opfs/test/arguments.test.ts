// What can be told without a browser: wrong arguments, and a platform without workers and files.

import { opfsStorage } from '@coreyard/random-access-opfs'
import { describe, expect, test } from 'vitest'

describe('opfsStorage', () => {
  test.each([
    ['an empty name', ''],
    ['a path that goes up', 'a/../b'],
    ['an absolute path', '/a'],
    ['a name that ends with a slash', 'a/'],
  ])('refuses %s', (_, directory) => {
    expect(() => opfsStorage(directory)).toThrow(
      expect.objectContaining({
        code: 'BAD_ARGUMENT',
        message: expect.stringContaining(`not '${directory}'`),
      }),
    )
  })

  test.each([[undefined], [null], [1], [{}]])('refuses the name %o', (directory) => {
    expect(() => Reflect.apply(opfsStorage, null, [directory])).toThrow(
      expect.objectContaining({
        code: 'BAD_ARGUMENT',
        message: expect.stringContaining('directory must be a name'),
      }),
    )
  })

  test.each([
    ['options that are none', null, 'options must be an object, not null'],
    ['an option that is none', { wroker: () => {} }, "'wroker' is not an option: there is worker"],
    [
      'a worker instead of a function that makes one',
      { worker: {} },
      'worker must be a function that makes a worker, not object',
    ],
  ])('refuses %s', (_, options, message) => {
    expect(() => Reflect.apply(opfsStorage, null, ['a', options])).toThrow(
      expect.objectContaining({ code: 'BAD_ARGUMENT', message }),
    )
  })

  test('refuses the path of a file that goes up', () => {
    expect(() => opfsStorage('a')('../b')).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }))
  })
})

test('a platform without workers says so when a file is opened', async () => {
  const file = opfsStorage('a')('store.kv')
  const error = await new Promise<Error | null>((resolve) => file.open(resolve))
  expect(error).toMatchObject({
    code: 'ENOTSUP',
    message: expect.stringContaining('use memory in its place'),
  })
})

test('a worker that cannot be loaded ends what waits for it', async () => {
  const worker = {
    postMessage() {},
    terminate() {},
    onmessage: null,
    onerror: null as null | ((event: object) => void),
  }
  const file = opfsStorage('a', { worker: () => worker })('store.kv')
  const opened = new Promise<Error | null>((resolve) => file.open(resolve))
  worker.onerror?.({})
  expect(await opened).toMatchObject({ code: 'EIO', message: expect.stringContaining('could not be loaded') })
})

test('a file that is not open is neither read, written nor synced', async () => {
  const file = opfsStorage('a')('store.kv')
  const calls = [
    new Promise((resolve) => file.read(0, 1, resolve)),
    new Promise((resolve) => file.write(0, new Uint8Array(1), resolve)),
    new Promise((resolve) => file.stat(resolve)),
    new Promise((resolve) => file.truncate(0, resolve)),
    new Promise((resolve) => file.sync(resolve)),
  ]
  for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: 'EBADF' })
  expect(await new Promise((resolve) => file.close(resolve))).toBe(null)
})
