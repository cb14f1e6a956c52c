import { expectResult } from '../bench-error.js'
import { coreName, keyOf, openCores } from './cores.js'
import { type Task, withStore } from './task.js'

/** A prime, so that the cores have their turn in no order that a cache could guess. */
const STEP = 7919

export const session: Task = {
  id: 'session',
  rows: [
    {
      id: 'session-name',
      title: 'a session on an open core by name, and close it',
      per: 'session',
      unit: 'time',
    },
    {
      id: 'session-key',
      title: 'a session on an open core by key, and close it',
      per: 'session',
      unit: 'time',
    },
  ],
  scales: 'cores',
  rehearsed: true,
  async run({ cores, sizes: { sessions }, place, measure }) {
    await withStore(await place(), async (store) => {
      const open = await openCores(store, cores)
      const turns = Array.from({ length: sessions }, (_, i) => (i * STEP) % cores)
      const names = turns.map(coreName)
      const keys = open.map(keyOf)
      await measure('session-name', sessions, async () => {
        for (const name of names) await (await store.named(name)).close()
      })
      await measure('session-key', sessions, async () => {
        for (const turn of turns) await (await store.byKey(keys[turn] as Uint8Array)).close()
      })
      expectResult(open.filter(({ closed }) => closed).length, 0, 'cores that closed with their sessions')
    })
  },
}
