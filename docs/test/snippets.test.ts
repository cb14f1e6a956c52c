// Every snippet of every document, as a reader pastes it: complete, with all that it imports installed, and as it says that it runs.
// A snippet with the name of a file is part of something that a test of its own runs. A comment above a snippet says what it needs, or why it is not run: test/fixtures.ts, and `NOTE` below.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import createTestnet from '@hyperswarm/testnet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../../packages/corestore/test/consumer/packed.js'
import { type Block, blocks, documents, imported, installed } from './documents.js'
import { SnippetProject } from './snippet-project.js'

const NOTE = /^(with a (store|Corestore 6) in [\w-]+|runs until it prints .+|not (run|checked): .+)$/
const DOCUMENTS = documents().map((document) => {
  const code = blocks(document).filter(({ language }) => language === 'js' || language === 'ts')
  return { ...document, snippets: code }
})
const SNIPPETS = DOCUMENTS.flatMap(({ snippets }) => snippets)
/** The Node.js that runs this, and Node.js 24 where `npm run test:runtimes` has installed it. */
const NODES = [process.execPath, join(ROOT, '.runtimes/node_modules/node-24/bin/node')].filter(existsSync)

let project: SnippetProject
let testnet: Awaited<ReturnType<typeof createTestnet>>
beforeAll(async () => {
  project = new SnippetProject()
  testnet = await createTestnet(3)
})
afterAll(async () => {
  await testnet.destroy()
  project.consumer.remove()
})

test.each(DOCUMENTS.filter(({ snippets }) => snippets.length > 0))(
  '$path says how to install what its snippets import',
  (document) => {
    const wanted = document.snippets.flatMap(({ code }) => [...imported(code)])
    expect(wanted.filter((name) => !installed(document).has(name))).toEqual([])
  },
)

test('the comments of snippets say what the tests know', () => {
  const notes = SNIPPETS.flatMap(({ place, note }) => note.split('; ').map((part) => ({ place, part })))
  expect(notes.filter(({ part }) => part !== '' && !NOTE.test(part))).toEqual([])
})

/** Where the types of the oldest and of the newest Node.js are. What the snippets compile to is run below. */
const NODE_TYPES = { 'the newest': join(ROOT, 'compilers/node-26'), 'the oldest': ROOT }
test.each(Object.entries(NODE_TYPES))(
  'every snippet compiles with strict, as TypeScript, with the types of %s Node.js',
  (_, within) => {
    const checked = SNIPPETS.filter(({ note }) => !note.includes('not checked:'))
    expect(project.compile(checked, join(within, 'node_modules/@types'))).toBe('')
  },
)

describe.each(NODES)('%s', (node) => {
  test.concurrent.each(SNIPPETS.filter(({ note, file }) => file === '' && !note.includes('not run:')))(
    'runs $place',
    async (block) => {
      const { until, printed } = promises(block)
      const result = await project.run(node, block, { LOCAL_DHT: String(testnet.bootstrap[0]?.port) }, until)
      expect(result.stderr).toBe('')
      expect(result.stdout.split('\n')).toEqual(expect.arrayContaining(printed))
      if (until === '') expect(result.code).toBe(0)
      else expect(result.stdout).toContain(until)
    },
  )
})

/** What a block says that it prints, in comments behind `console.log`, and when it has shown enough. */
function promises({ code, note }: Block): { until: string; printed: string[] } {
  const [, until = ''] = /runs until it prints (.+?)(?:; |$)/.exec(note) ?? []
  const printed = [...code.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map(([, text = '']) => text)
  return { until, printed: printed.filter((text) => !text.includes('…')) }
}
