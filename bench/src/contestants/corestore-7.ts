// Corestore 7, which lives on RocksDB only.

import type { Contestant } from './contestant.js'
import { openFacade } from './facade.js'

export const corestore7: Contestant = {
  id: 'corestore-7',
  title: 'Corestore 7, RocksDB',
  engine: 'rocksdb',
  kind: 'corestore-7',
  maxCores: Number.POSITIVE_INFINITY,
  lacks: ['stored'],
  async load() {
    const { default: Corestore7 } = await import('corestore-7')
    return (directory) => ({
      open() {
        const store = new Corestore7(directory)
        return openFacade(store, { list: () => store.list() })
      },
    })
  },
}
