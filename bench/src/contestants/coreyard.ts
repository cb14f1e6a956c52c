// Coreyard on its three kinds of storage.

import type Corestore from '@coreyard/corestore'
import type { Contestant, Engine, Store } from './contestant.js'
import { openFacade } from './facade.js'

const common = { kind: 'coreyard', maxCores: Number.POSITIVE_INFINITY } as const

const load = () => import('@coreyard/corestore')

export const coreyard: readonly Contestant[] = [
  {
    ...common,
    ...named('rocksdb', 'RocksDB'),
    lacks: [],
    async load() {
      const { Corestore } = await load()
      return (directory) => ({ open: () => open(new Corestore(directory)) })
    },
  },
  {
    ...common,
    ...named('files', 'files'),
    lacks: [],
    async load() {
      const { Corestore } = await load()
      return (directory) => ({ open: () => open(new Corestore(directory, { engine: 'random-access' })) })
    },
  },
  {
    ...common,
    ...named('memory', 'memory'),
    lacks: ['disk'],
    async load() {
      const { Corestore, memoryStorage } = await load()
      return () => {
        const storage = memoryStorage()
        return { open: () => open(new Corestore(storage)) }
      }
    },
  },
]

function named(engine: Engine, where: string): Pick<Contestant, 'id' | 'title' | 'engine'> {
  return { id: `coreyard-${engine}`, title: `Coreyard, ${where}`, engine }
}

function open(store: Corestore): Promise<Store> {
  return openFacade(store, {
    list: () => store.list(),
    stored: () => store.stored(),
    watched: () => watched(store),
  })
}

async function* watched(store: Corestore): AsyncGenerator<unknown> {
  const { watch } = await import('@coreyard/inspector')
  yield* watch(store, { interval: 500 })
}
