// Which process has a directory open, where the system tells: on Linux, by its open files.

import { readdir, readFile, readlink } from 'node:fs/promises'
import { sep } from 'node:path'

/** `process 4711 (node)`; `null` if that is not known. */
export async function holderOf(directory: string): Promise<string | null> {
  const processes = await readdir('/proc').catch(() => [])
  for (const id of processes) {
    if (!/^\d+$/.test(id) || Number(id) === process.pid) continue
    const files = await readdir(`/proc/${id}/fd`).catch(() => [])
    for (const file of files) {
      const path = await readlink(`/proc/${id}/fd/${file}`).catch(() => '')
      if (path.startsWith(directory + sep)) return `process ${id} (${await nameOf(id)})`
    }
  }
  return null
}

async function nameOf(id: string): Promise<string> {
  const name = await readFile(`/proc/${id}/comm`, 'utf8').catch(() => '?')
  return name.trim()
}
