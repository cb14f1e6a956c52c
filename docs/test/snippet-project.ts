// A project that has the packed packages installed, and every snippet as a file of its own, in a folder of its own.

import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type Consumer, installPacked, ROOT } from '../../packages/corestore/test/consumer/packed.js'
import type { Block } from './documents.js'
import { prepare } from './fixtures.js'

/** How a process has ended. */
export interface Result {
  readonly stdout: string
  readonly stderr: string
  readonly code: number | null
}

/** Far more than any snippet takes, in milliseconds. */
const HANGS = 120_000

export class SnippetProject {
  readonly consumer: Consumer = installPacked()

  /** What the compiler says of these blocks, each as a TypeScript file. Writes what they compile to beside them. `typeRoot` has the types of Node.js. */
  compile(blocks: readonly Block[], typeRoot: string): string {
    const files = blocks.map((block) => {
      // A snippet in JavaScript is pasted into projects that have said once which packages are untyped; one in TypeScript says it.
      const reference = '/// <reference types="@coreyard/hypercore-types/ambient" />'
      const code = block.language === 'js' ? `${reference}\n${block.code}` : block.code
      const file = join(this.#folder(block), 'typescript.mts')
      writeFileSync(file, `${code}\nexport {}\n`)
      return file
    })
    const compilerOptions = {
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable', 'dom'],
      module: 'nodenext',
      strict: true,
      types: ['node'],
      typeRoots: [typeRoot],
    }
    const project = join(this.consumer.directory, 'tsconfig.json')
    writeFileSync(project, JSON.stringify({ compilerOptions, files }))
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
    return spawnSync(process.execPath, [tsc, '-p', project]).stdout.toString()
  }

  /** Runs a block as it stands, or what `compile` has made of it, in a folder with nothing but what its note asks for. */
  async run(node: string, block: Block, env: NodeJS.ProcessEnv, until: string): Promise<Result> {
    const cwd = mkdtempSync(join(this.#folder(block), 'run-'))
    await prepare(block.note, cwd)
    const file = join(cwd, 'snippet.mjs')
    if (block.language === 'js') writeFileSync(file, block.code)
    else copyFileSync(join(this.#folder(block), 'typescript.mjs'), file)

    const preload = new URL('./local-swarm.js', import.meta.url).href
    const child = spawn(node, ['--import', preload, file], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: HANGS,
    })
    if (until !== '') endWhenPrinted(child, until)
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ])
    return { stdout, stderr, code }
  }

  #folder({ place }: Block): string {
    const folder = join(this.consumer.directory, 'snippets', place.replaceAll(/[/:]/g, '-'))
    mkdirSync(folder, { recursive: true })
    return folder
  }
}

function endWhenPrinted(child: ChildProcessByStdio<null, Readable, Readable>, until: string): void {
  let seen = ''
  child.stdout.on('data', (data) => {
    seen += data
    if (seen.includes(until)) child.kill()
  })
}
