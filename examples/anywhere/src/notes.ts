// The app: notes, kept in one core. It knows nothing of where the store lives.
import type { Corestore } from '@coreyard/corestore'

/** A note, as it is stored. */
export interface Note {
  readonly text: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Adds a note, and gives all there are, oldest first. */
export async function addNote(store: Corestore, text: string): Promise<Note[]> {
  const notes = store.get<Note>({ name: 'notes', valueEncoding: 'json' })
  await notes.append({ text, at: Date.now() })
  const all: Note[] = []
  for await (const note of notes.createReadStream()) all.push(note)
  await notes.close()
  return all
}
