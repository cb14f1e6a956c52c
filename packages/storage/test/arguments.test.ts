import HypercoreStorage from 'hypercore-storage'
import RocksDB from 'rocksdb-native'
import { describe, expect, it } from 'vitest'
import { storageEngine } from '../src/index.js'
import { contentsOf, emptyDirectory } from './directories.js'

// What a caller without types passes.
const untyped = storageEngine as (argument: unknown, options?: unknown) => unknown

const accepted = expect.stringMatching(/path of a directory, a string, or a hypercore-storage instance/)

describe('an argument that is no storage is a TypeError that says what is', () => {
  const wrong: [string, unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['an empty string', ''],
    ['a path that no file system has', 'a\0b'],
    ['a number', 1],
    ['a URL', new URL('file:///tmp/store')],
    ['bytes', Buffer.from('/tmp/store')],
    ['a class', class Storage {}],
    ['a function', () => ({})],
    ['an object', { path: '/tmp/store' }],
    ['a class of hypercore-storage', HypercoreStorage],
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

describe('an option that is wrong is a TypeError, and changes nothing on disk', () => {
  const wrong: [string, object, string][] = [
    ['engine of a later version', { engine: 'random-access' }, "engine must be 'rocksdb'"],
    ['primary key of another length', { primaryKey: new Uint8Array(31) }, 'not a Uint8Array of 31 bytes'],
    ['primary key in hex', { primaryKey: 'ab'.repeat(32) }, 'not a string of 64 characters'],
    ['empty id', { id: '' }, 'id must be'],
    ['id that is no string', { id: 1 }, 'id must be'],
    ['id of two lines', { id: 'a\nb' }, 'id must be'],
    ['id that ends in a space', { id: 'a ' }, 'id must be'],
    ['id that is too long', { id: 'a'.repeat(257) }, 'id must be'],
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

  it('never shows a primary key', () => {
    const primaryKey = 'ab'.repeat(32)
    expect(() => untyped(emptyDirectory(), { primaryKey })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(primaryKey) }),
    )
  })
})
