// Making a store of an empty database without hypercore-storage's own migrations.

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { store } from '../../src/first-migration.js'
import { MigratingStorage, nativeDatabase } from '../../src/storage.js'
import { directory, later } from '../live.js'

const Database = nativeDatabase({ explainWrite: (error) => error, endStream: () => {} })

class FirstMigration extends MigratingStorage {
  override async migrateStore(): Promise<void> {
    await this.db.ready()
    await store(this as never, { version: 2 })
  }
}

test('a store that first-migration has made is one to hypercore-storage', async () => {
  const path = join(await directory(), 'db')
  const made = new FirstMigration(new Database(path))
  await made.ready()
  await made.close()
  const opened = new MigratingStorage(new Database(path))
  later(() => opened.close())
  await opened.setSeed(Buffer.alloc(32, 1))
  expect(await opened.getSeed()).toEqual(Buffer.alloc(32, 1))
})
