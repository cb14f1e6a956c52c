// What a snippet finds in its folder, as its comment says: `<!-- snippet: with a store in my-app -->`.

import { join } from 'node:path'
import Corestore from '@coreyard/corestore'
import Corestore6 from 'corestore-6'

const KINDS: Record<string, (directory: string) => Promise<void>> = {
  'a store': (directory) => fill(new Corestore(directory)),
  'a Corestore 6': (directory) => fill(new Corestore6(directory)),
}

/** Makes what a note asks for in the folder of its snippet. */
export async function prepare(note: string, folder: string): Promise<void> {
  for (const [, kind = '', path = ''] of note.matchAll(/with (a store|a Corestore 6) in ([\w-]+)/g)) {
    await KINDS[kind]?.(join(folder, path))
  }
}

/** What stores of both versions have in common. */
interface AnyStore {
  get(options: { name: string }): { append(block: string): Promise<unknown> }
  close(): Promise<unknown>
}

async function fill(store: AnyStore): Promise<void> {
  await store.get({ name: 'chat' }).append('hello')
  await store.close()
}
