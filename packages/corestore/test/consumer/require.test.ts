// `require('@coreyard/corestore')`: the class, and every export of the package by its name. In processes of their own, as the test
// runner loads modules in its own way.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** Runs a CommonJS program, and gives what it prints. */
function run(program: string): unknown {
  const cwd = fileURLToPath(new URL('../..', import.meta.url))
  return JSON.parse(execFileSync(process.execPath, ['-e', program], { cwd }).toString())
}

test('require gives the class, which makes a store', () => {
  const program = `
    const Corestore = require('@coreyard/corestore')
    const store = new Corestore(Corestore.memoryStorage())
    const core = store.get({ name: 'a' })
    core.append('block').then(() => store.close()).then(() => console.log(JSON.stringify(core.closed)))`
  expect(run(program)).toBe(true)
})

test('what is taken from require by name is what import gives by that name', () => {
  const program = `
    const required = require('@coreyard/corestore')
    const { Corestore, corestore } = required
    import('@coreyard/corestore').then((imported) => {
      const names = Object.keys(imported).filter((name) => name !== 'module.exports')
      const same = names.filter((name) => required[name] === imported[name])
      const isClass = required === imported.default && required === Corestore
      console.log(JSON.stringify({ names, same, isClass, made: typeof corestore }))
    })`
  const result = run(program) as { names: string[] }
  expect(result).toMatchObject({ same: result.names, isClass: true, made: 'function' })
  expect(result.names).toEqual(
    expect.arrayContaining(['Corestore', 'corestore', 'fileStorage', 'CorestoreError']),
  )
})

test('the declarations have no export name that TypeScript before 5.6 cannot read', () => {
  const declarations = readFileSync(new URL('../../dist/index.d.ts', import.meta.url), 'utf8')
  expect(declarations).not.toMatch(/as\s+['"]/)
  expect(declarations).toMatch(/export default Corestore/)
})
