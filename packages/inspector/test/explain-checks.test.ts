// Answers of `explain` that a real store cannot be made to give on cue: a full disk, a slow look-up, a policy, a peer that does not serve.

import type { Peer } from '@coreyard/hypercore-types'
import type { OutcomeReason } from '@coreyard/replicator'
import { expect, test } from 'vitest'
import type { Case, Link } from '../src/explain/case.js'
import { climb } from '../src/explain/explain.js'
import type { CorePicture } from '../src/index.js'

test('a disk with less than 16 MB is full', () => {
  expect(problemOf({ disk: { used: 1000, free: 1000 } })).toBe('DISK_FULL')
})

test.each<[OutcomeReason, string]>([
  ['late', 'ANSWER_LATE'],
  ['policy', 'REFUSED_BY_POLICY'],
  ['capacity', 'WAITS_FOR_CAPACITY'],
  ['limit', 'PEER_AT_LIMIT'],
])('a request that was refused for the reason %s is %s', (reason, code) => {
  const outcome = { discoveryKey: new Uint8Array(32), reason, time: 1 }
  expect(problemOf({ links: [{ ...LINK, outcome }] })).toBe(code)
})

test('a refusal does not count where another stream has the core', () => {
  const outcome = { discoveryKey: new Uint8Array(32), reason: 'authorize', time: 1 } as const
  expect(problemOf({ links: [{ ...LINK, outcome }, open({})] })).toBe(undefined)
})

test('a request from before the core was stored does not count', () => {
  const outcome = { discoveryKey: new Uint8Array(32), reason: 'not-stored', time: 1 } as const
  expect(problemOf({ links: [{ ...LINK, outcome, attached: true }] })).toBe('PEER_HAS_NO_CHANNEL')
})

test('a peer that does not answer requests does not serve', () => {
  const core = { ...CORE, progress: { total: 5, have: 1, want: 4, wanted: 0 } }
  expect(problemOf({ core, links: [open({ remoteUploading: false })] })).toBe('PEER_DOES_NOT_SERVE')
})

test('a peer on a newer fork leaves this store behind', () => {
  const { findings } = climb({ ...CASE, links: [open({ remoteFork: 1 })] })
  expect(findings.map(({ code }) => code)).toContain('BEHIND_FORK')
})

function problemOf(parts: Partial<Case>): string | undefined {
  return climb({ ...CASE, ...parts }).problem?.code
}

function open(peer: Partial<Peer>): Link {
  const whole = { remoteFork: 0, remoteUploading: true, ...peer } as Peer
  return { ...LINK, attached: true, channel: 'open', peer: whole }
}

const LINK: Link = {
  publicKey: 'aa',
  handshake: true,
  outcome: null,
  attached: false,
  channel: 'none',
  peer: null,
}

const CORE = {
  state: 'open',
  downloading: true,
  fork: 0,
  sessions: 1,
  peers: 1,
  encrypted: null,
  progress: { total: 1, have: 1, want: 0, wanted: 0 },
} as CorePicture

const CASE: Case = {
  suspended: false,
  disk: null,
  key: 'aa',
  discoveryKey: 'bb',
  stored: true,
  isDiscoveryKey: false,
  core: CORE,
  conflict: null,
  links: [LINK],
  onePeer: false,
  waiting: null,
  patience: 10_000,
}
