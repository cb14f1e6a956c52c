import HypercoreStorage from 'hypercore-storage'
import RAM from 'random-access-memory'
import RocksDB from 'rocksdb-native'
import { describe, expect, it } from 'vitest'
import { fileStorage, storageEngine } from '../src/index.js'
import { contentsOf, emptyDirectory } from './directories.js'

// What a caller without types passes.
const untyped = storageEngine as (argument: unknown, options?: unknown) => unknown

const accepted = expect.stringMatching(
  /path of a directory, a string, a class of random-access-storage, a function that makes one, or a hypercore-storage instance, .*(memoryStorage|\(\) => storage)/,
)

describe('a wrong argument is a TypeError that says what is accepted', () => {
  const wrong: [string, unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['an empty string', ''],
    ['a path that no file system has', 'a\0b'],
    ['a number', 1],
    ['bytes', Buffer.from('/tmp/store')],
    ['an object', { path: '/tmp/store' }],
    ['a random-access-storage itself', new RAM()],
  ]
  it.each(wrong)('%s', (_, argument) => {
    expect(() => untyped(argument)).toThrow(
      expect.objectContaining({ name: 'TypeError', code: 'BAD_ARGUMENT', message: accepted }),
    )
  })

  it('a database on its own', () => {
    expect(() => untyped(new RocksDB(emptyDirectory()))).toThrow(
      expect.objectContaining({ message: accepted }),
    )
  })
})

describe('a class or function is refused with a TypeError when it makes no random-access-storage', () => {
  const wrong: [string, unknown, RegExp][] = [
    ['a class of something else', class Storage {}, /a class without the methods read and write/],
    ['the class of hypercore-storage', HypercoreStorage, /a class without the methods read and write/],
    ['a function that gives an object', () => ({}), /a function that made an object of 'store.kv'/],
    ['a function that gives nothing', () => {}, /a function that made undefined/],
    ['a function that gives a promise', async () => new RAM(), /made a promise.*, and at once/],
    [
      'a function that throws',
      () => {
        throw new Error('no quota')
      },
      /a function that failed for 'store.kv': no quota/,
    ],
    [
      'a class that throws',
      class Broken extends RAM {
        constructor() {
          super()
          throw new Error('no quota')
        }
      },
      /a class that failed for 'store.kv': no quota/,
    ],
  ]
  it.each(wrong)('%s', (_, argument, message) => {
    expect(() => untyped(argument)).toThrow(
      expect.objectContaining({
        name: 'TypeError',
        code: 'BAD_ARGUMENT',
        message: expect.stringMatching(message),
      }),
    )
  })

  it('a function together with the engine that needs a directory', () => {
    expect(() => untyped(() => new RAM(), { engine: 'rocksdb' })).toThrow(
      /'rocksdb' needs storage to be the path/,
    )
  })
})

describe('a wrong option is a TypeError, and changes nothing on disk', () => {
  const wrong: [string, object, string][] = [
    ['engine that there is none of', { engine: 'sqlite' }, "engine must be 'rocksdb' or 'random-access'"],
    [
      'page size that is none',
      { engine: 'random-access', randomAccess: { pageSize: 1000 } },
      'pageSize must be a power of two from 512 to 65536, not 1000',
    ],
    ['primary key of another length', { primaryKey: new Uint8Array(31) }, 'not 31 bytes'],
    ['primary key in hex', { primaryKey: 'ab'.repeat(32) }, 'not a string of 64 characters'],
    ['empty id', { id: '' }, 'id must be'],
    ['id that is no string', { id: 1 }, 'id must be'],
    ['id of two lines', { id: 'a\nb' }, 'id must be'],
    ['id that ends in a space', { id: 'a ' }, 'id must be'],
    ['id that is too long', { id: 'a'.repeat(257) }, 'id must be'],
    ['primary key that is nothing else, either', { primaryKey: 0 }, 'primaryKey must be'],
    ['yes for true', { readOnly: 'yes' }, 'readOnly must be true or false, not a string of 3 characters'],
    ['milliseconds to wait', { wait: 1000 }, 'wait must be true or false'],
    ['null for false', { allowBackup: null }, 'allowBackup must be true or false'],
    ['engine in place of its options', { randomAccess: 'always' }, 'randomAccess must be an object'],
    ['cache that is a number of nodes', { treeCache: 100 }, 'treeCache must be an object'],
    ['cache of no nodes', { treeCache: { maxSize: 0 } }, 'treeCache.maxSize must be'],
    ['cache of no time', { treeCache: { maxAge: 'long' } }, 'treeCache.maxAge must be'],
  ]
  it.each(wrong)('%s', (_, options, message) => {
    const directory = emptyDirectory()
    expect(() => untyped(directory, options)).toThrow(
      expect.objectContaining({
        name: 'TypeError',
        code: 'BAD_ARGUMENT',
        message: expect.stringContaining(message),
      }),
    )
    expect(contentsOf(directory)).toEqual({})
  })

  it.each([
    ['null', null],
    ['a primary key', Buffer.alloc(32)],
  ])('%s in place of the options', (_, options) => {
    expect(() => untyped(emptyDirectory(), options)).toThrow(
      expect.objectContaining({ code: 'BAD_ARGUMENT', message: expect.stringContaining('options must be') }),
    )
  })

  it.each(['lock', 'sync'])('an option %s of fileStorage that is not a boolean', (option) => {
    expect(() => fileStorage('./store', { [option]: 'no' })).toThrow(
      expect.objectContaining({ name: 'TypeError', code: 'BAD_ARGUMENT' }),
    )
  })

  it('never shows a primary key', () => {
    const primaryKey = 'ab'.repeat(32)
    expect(() => untyped(emptyDirectory(), { primaryKey })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(primaryKey) }),
    )
  })

  it.each([null, 1, 'lock'])('%s in place of the options of fileStorage', (options) => {
    expect(() => fileStorage('./store', options as never)).toThrow(
      expect.objectContaining({
        name: 'TypeError',
        code: 'BAD_ARGUMENT',
        message: expect.stringContaining('options must be'),
      }),
    )
  })
})
