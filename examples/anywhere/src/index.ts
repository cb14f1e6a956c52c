// The program: adds a note on the storage that it is told, closes the store, opens it again, adds another, and shows all notes.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openKey } from './key.js'
import { addNote, type Note } from './notes.js'
import { openStore, PLACES, type Place } from './places.js'

const [place = 'memory', text = 'Hello', directory = 'notes'] = process.argv.slice(2)

try {
  if (!isPlace(place)) throw new Error(`The storage must be one of ${PLACES.join(', ')}`)
  await mkdir(directory, { recursive: true })
  const key = await openKey(join(directory, 'storage.key'))
  await write(place, key, text)
  const notes = await write(place, key, `${text} again`)
  for (const [index, note] of notes.entries()) console.log(`${index + 1}  ${note.text}`)
} catch (error) {
  console.error(`${place}: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}

async function write(on: Place, key: Uint8Array, note: string): Promise<Note[]> {
  const store = openStore(on, directory, key)
  try {
    return await addNote(store, note)
  } finally {
    await store.close()
  }
}

function isPlace(value: string): value is Place {
  return PLACES.some((known) => known === value)
}
