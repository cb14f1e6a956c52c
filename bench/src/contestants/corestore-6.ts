// Corestore 6 on files and on memory. It can neither list what is stored nor tell of it.

import type { Contestant } from './contestant.js'
import { openFacade } from './facade.js'

const common = { kind: 'corestore-6' } as const

export const corestore6: readonly Contestant[] = [
  {
    ...common,
    id: 'corestore-6-files',
    title: 'Corestore 6, files',
    engine: 'files',
    lacks: ['list', 'stored'],
    maxCores: 10_000,
    async load() {
      const { default: Corestore6 } = await import('corestore-6')
      return (directory) => ({ open: () => openFacade(new Corestore6(directory)) })
    },
  },
  {
    ...common,
    id: 'corestore-6-memory',
    title: 'Corestore 6, memory',
    engine: 'memory',
    lacks: ['list', 'stored', 'disk'],
    // A core takes up to four pages of random-access-memory, which are 1 MiB each.
    maxCores: 1000,
    async load() {
      const { default: Corestore6 } = await import('corestore-6')
      const { default: RAM } = await import('random-access-memory')
      return () => {
        // Keeps what is closed, so that it can be opened again.
        const storage = RAM.reusable()
        return { open: () => openFacade(new Corestore6(storage)) }
      }
    },
  },
]
