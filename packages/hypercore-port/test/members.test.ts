// One test for each member that is relied on: an upgrade that drops or renames one fails here, with its name and the file to change.

import { beforeAll, expect, test } from 'vitest'
import { closeAll, liveObjects } from './live.js'
import { type Kind, type Owner, RELIANCES } from './reliances.js'

interface Member {
  readonly owner: Owner
  readonly name: string
  readonly kind: Kind
  readonly file: string
}

const members = Object.entries(RELIANCES).flatMap(([file, owners]) => {
  return Object.entries(owners).flatMap(([owner, named]) =>
    Object.entries(named).map(([name, kind]): Member => ({ owner: owner as Owner, name, kind, file })),
  )
})
const kinds = new Map<Member, string>()

beforeAll(async () => {
  const objects = await liveObjects()
  for (const member of members) kinds.set(member, kindIn(objects[member.owner], member))
  await closeAll()
})

for (const member of members) {
  const { owner, name, kind, file } = member
  test(`${owner}.${name} is of the type ${kind} (${file})`, () => {
    expect(kinds.get(member)).toBe(kind)
  })
}

/** A field that is an object may be `null`. */
function kindIn(object: object, { name, kind }: Member): string {
  if (!Reflect.has(object, name)) return 'missing'
  const value: unknown = Reflect.get(object, name)
  if (typeof value === 'function') return 'method'
  return value === null ? kind : typeof value
}
