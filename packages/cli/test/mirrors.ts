// Mirrors for the tests: in this process, or in one of their own that can be killed.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import createTestnet, { type Testnet } from '@hyperswarm/testnet'
import { expect, onTestFinished } from 'vitest'
import { coreyard, json, newDirectory, type Result } from './command.js'

const BIN = new URL('../bin/coreyard.js', import.meta.url).pathname

export interface RunningMirror {
  readonly directory: string
  /** In hex: what `--mirrors` takes. */
  readonly key: string
  /** What it has written as messages. */
  readonly messages: () => string
  /** Ends it as Ctrl-C does. */
  stop(): Promise<Result>
}

/** `--bootstrap` of a network of this machine, gone after the test. */
export async function newNetwork(): Promise<string[]> {
  const testnet: Testnet = await createTestnet(3)
  onTestFinished(() => testnet.destroy())
  return ['--bootstrap', ...testnet.bootstrap.map(({ host, port }) => `${host}:${port}`)]
}

/** Runs `coreyard mirror` in this process, with these arguments after the directory. */
export async function runMirror(
  args: readonly string[],
  directory: string = newDirectory(),
): Promise<RunningMirror> {
  const abort = new AbortController()
  let messages = ''
  const key = deferred<string>()
  const onErr = (text: string) => {
    messages += text
    const [, found] = /^mirror ([0-9a-f]{64})$/m.exec(messages) ?? []
    if (found !== undefined) key.resolve(found)
  }
  const running = coreyard(['mirror', directory, ...args], { signal: abort.signal, onErr })
  running.then(({ exitCode, err, out }) => key.reject(new Error(`it ended with ${exitCode}: ${err}${out}`)))
  const stop = () => {
    abort.abort()
    return running
  }
  onTestFinished(async () => {
    await stop()
  })
  return { directory, key: await key.promise, messages: () => messages, stop }
}

/** Waits until a mirror that serves metrics has that many cores. */
export async function hasCores(mirror: RunningMirror, count: number): Promise<void> {
  const line = new RegExp(`^blind_peer_cores ${count}$`, 'm')
  await expect.poll(() => metricsOf(mirror)).toMatch(line)
}

/** What a mirror serves as metrics. */
export async function metricsOf(mirror: RunningMirror): Promise<string> {
  await expect.poll(() => mirror.messages()).toContain('metrics at')
  const [address = ''] = /http:\S+/.exec(mirror.messages()) ?? []
  return (await fetch(address)).text()
}

export interface SpawnedMirror {
  readonly directory: string
  readonly key: string
  kill(signal: 'SIGKILL' | 'SIGINT'): Promise<number | null>
  /** Stops it, so that it does nothing and its connections stay. */
  hang(): void
  /** Settles once it has been sent something. It must serve metrics. */
  receives(): Promise<void>
}

/** Runs `coreyard mirror` in a process of its own. */
export async function spawnMirror(
  args: readonly string[],
  directory: string = newDirectory(),
): Promise<SpawnedMirror> {
  const child = spawn(process.execPath, [BIN, 'mirror', directory, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = once(child, 'exit')
  const kill = async (signal: 'SIGKILL' | 'SIGINT') => {
    child.kill(signal)
    const [exitCode] = await exited
    return exitCode
  }
  onTestFinished(async () => {
    await kill('SIGKILL')
  })
  let messages = ''
  const metrics = deferred<string>()
  const key = deferred<string>()
  child.stderr.on('data', (chunk) => {
    messages += chunk
    const [, found] = /^mirror ([0-9a-f]{64})$/m.exec(messages) ?? []
    if (found !== undefined) key.resolve(found)
    const [, address] = /^metrics at (http:\S+)$/m.exec(messages) ?? []
    if (address !== undefined) metrics.resolve(address)
  })
  exited.then(() => key.reject(new Error(`it ended: ${messages}`)))
  const receives = async () => {
    const address = await metrics.promise
    while (!/^blind_peer_bytes_allocated [1-9]/m.test(await (await fetch(address)).text())) {}
  }
  return {
    directory,
    key: await key.promise,
    kill,
    hang() {
      child.kill('SIGSTOP')
    },
    receives: () => receives().catch(() => new Promise(() => {})),
  }
}

export async function keyOf(directory: string, name: string): Promise<string> {
  const { cores } = await json<{ cores: { name: string; key: string }[] }>(['ls', directory])
  return cores.find((core) => core.name === name)?.key ?? expect.fail(`no core ${name}`)
}

/** A promise, and what settles it. */
export function deferred<T>() {
  let [resolve, reject]: [(value: T | Promise<T>) => void, (error: Error) => void] = [() => {}, () => {}]
  const promise = new Promise<T>((...settle) => {
    ;[resolve, reject] = settle
  })
  return { promise, resolve, reject }
}
