// Options that are an instance of a class: what it has getters for counts, as it does for code that reads the options one by one.

import { AllToAllReplicator } from '@coreyard/replicator'
import crypto from 'hypercore-crypto'
import { expect, onTestFinished, test } from 'vitest'
import { Corestore, corestore, memoryStorage } from '../../src/index.js'
import { bytes32, hex, text } from '../helpers/bytes.js'
import { until } from '../helpers/events.js'
import { openStore } from '../helpers/open-store.js'
import { newPlace } from '../helpers/places.js'

class CoreSettings {
  get name(): string {
    return 'chat'
  }
  get encryptionKey(): Uint8Array {
    return bytes32(7)
  }
  get valueEncoding(): 'json' {
    return 'json'
  }
}

class ReadingSettings extends CoreSettings {
  get writable(): boolean {
    return false
  }
}

test('get takes what the class of its options has getters for, and classes that it extends', async () => {
  const store = openStore()
  const core = store.get(new CoreSettings())
  await core.append({ text: 'hello' })
  expect(core.encryption).not.toBeNull()
  const reading = store.get(new ReadingSettings())
  expect(await reading.get(0)).toEqual({ text: 'hello' })
  expect([reading.writable, hex(reading.key)]).toEqual([false, hex(core.key)])
})

test('so do a default core, a session and a namespace', async () => {
  class Encrypted {
    get encryptionKey(): Uint8Array {
      return bytes32(7)
    }
  }
  const store = openStore()
  for (const core of [
    store.default(new Encrypted()),
    store.session(new Encrypted()).get({ name: 'a' }),
    store.namespace('rooms', new Encrypted()).get({ name: 'a' }),
  ]) {
    await core.ready()
    expect(core.encryption).not.toBeNull()
  }
})

test('an encryption that is an instance of a class keeps all that it says', async () => {
  class BlockKey {
    get key(): Uint8Array {
      return bytes32(7)
    }
    get block(): boolean {
      return true
    }
  }
  const store = openStore()
  await store.get({ name: 'a', encryption: new BlockKey() }).append('a secret')
  const same = store.get({ name: 'a', encryption: { key: bytes32(7), block: true } })
  expect(text(await same.get(0))).toBe('a secret')
})

test('so does replicate, with options in the right place', async () => {
  const keyPair = crypto.keyPair()
  class Identity {
    get keyPair(): typeof keyPair {
      return keyPair
    }
  }
  class Policy {
    get authorize(): () => boolean {
      return () => false
    }
  }
  const store = openStore()
  const { noiseStream } = store.replicate(true, new Identity())
  await until(() => noiseStream.publicKey !== null)
  expect(hex(noiseStream.publicKey)).toBe(hex(keyPair.publicKey))
  expect(() => store.replicate(true, new Policy() as never)).toThrow(
    'authorize holds for all streams of a store',
  )
})

test('so do the options inside of those of a store', () => {
  class Pages {
    get pageSize(): number {
      return 1
    }
  }
  expect(() => corestore(memoryStorage(), { randomAccess: new Pages() })).toThrow('pageSize')
})

test('so do a store and its replicator, and objects that have options by their prototype', async () => {
  class Settings {
    get primaryKey(): Uint8Array {
      return bytes32(3)
    }
    get readOnly(): 'no' {
      return 'no'
    }
  }
  const place = newPlace()
  expect(() => new Corestore(place.storage, new Settings() as never)).toThrow(
    'readOnly must be true or false',
  )
  const other = newPlace()
  const store = new Corestore(other.storage, Object.create({ ...other.options, primaryKey: bytes32(3) }))
  onTestFinished(() => store.close())
  expect(hex(store.primaryKey ?? new Uint8Array())).toBe(hex(bytes32(3)))
  class Limits {
    get maxStreams(): number {
      return 0
    }
  }
  expect(() => new AllToAllReplicator(new Limits())).toThrow('maxStreams')
})

test('a class with a getter for an option in the wrong place is refused', () => {
  class Misplaced {
    get manifestVersion(): number {
      return 1
    }
  }
  expect(() => openStore().get(new Misplaced() as never)).toThrow('manifestVersion is an option of a store')
})
