// The work that is measured in a browser and on Node.js: the same program on both.

import Corestore from '@coreyard/corestore'

type Storage = ConstructorParameters<typeof Corestore>[0]

/** What is done, and how often. */
export const TASKS = {
  create: { title: 'create named cores, one after another', count: 300 },
  append: { title: 'append to one core, a block at a time', count: 1000 },
  batch: { title: 'append to one core, 1000 blocks at a time', count: 20_000 },
  read: { title: 'read blocks of one core at random', count: 5000 },
  replicate: { title: 'replicate the blocks of one core', count: 10_000 },
} as const

export type Task = keyof typeof TASKS

const BLOCK = new Uint8Array(100).fill(7)
const BATCH = 1000

/** Milliseconds that each task took, for all it does. @param storage makes an empty one */
export async function work(storage: () => Storage): Promise<Record<Task, number>> {
  const store = new Corestore(storage())
  const other = new Corestore(storage())
  await store.ready()
  await other.ready()
  try {
    const core = store.get({ name: 'appended' })
    const large = store.get({ name: 'in batches' })
    await core.ready()
    await large.ready()
    return {
      create: await timed(async () => {
        for (let i = 0; i < TASKS.create.count; i++) await store.get({ name: `core ${i}` }).ready()
      }),
      append: await timed(async () => {
        for (let i = 0; i < TASKS.append.count; i++) await core.append(BLOCK)
      }),
      batch: await timed(async () => {
        const blocks = Array.from({ length: BATCH }, () => BLOCK)
        for (let i = 0; i < TASKS.batch.count; i += BATCH) await large.append(blocks)
      }),
      read: await timed(async () => {
        for (let i = 0; i < TASKS.read.count; i++) await large.get((i * 7919) % large.length)
      }),
      replicate: await timed(async () => {
        const stream = store.replicate(true)
        stream.pipe(other.replicate(false)).pipe(stream)
        const copy = other.get({ key: large.key })
        await copy.download({ start: 0, end: TASKS.replicate.count }).done()
      }),
    }
  } finally {
    await other.close()
    await store.close()
  }
}

async function timed(run: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await run()
  return performance.now() - started
}
