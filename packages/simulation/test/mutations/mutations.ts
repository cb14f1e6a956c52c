// Faults that are put into the built packages, each with what the simulation must say of it. A mutation replaces what its pattern
// matches, which must be in the file exactly once. When the code has moved on, so must the pattern.

import type { ProfileName } from '../../src/options.js'
import type { FailureKind } from '../../src/plan.js'

export interface Mutation {
  readonly fault: string
  /** The end of the file's path. */
  readonly file: string
  readonly pattern: RegExp
  readonly replacement: string
  /** What it may be noticed by. */
  readonly caughtAs: readonly FailureKind[]
  readonly profile?: ProfileName
  /** A seed that notices it; those after it are tried, too. */
  readonly seed: number
}

export const MUTATIONS: readonly Mutation[] = [
  {
    fault: 'a core that begins to download is not offered to the streams',
    file: 'corestore/dist/index.js',
    pattern: /(downloading: \(open\) => \{)\s*if \(open\.active\) this\.replicator\.offer\(open\.core\);/,
    replacement: '$1',
    caughtAs: ['not converged'],
    seed: 11,
  },
  {
    fault: 'a store that has resumed does not wake what waits for it',
    file: 'random-access-kv/dist/kv.js',
    pattern: /wake\?\.\(void 0\);/,
    replacement: '',
    caughtAs: ['hangs'],
    seed: 5,
  },
  {
    fault: 'a batch is acknowledged before the log is synced',
    file: 'random-access-kv/dist/kv.js',
    pattern: /await this\.#disk\.sync\(\);(\s*if \([\w.#]*isSuspicious\))/,
    replacement: '$1',
    caughtAs: ['lost', 'error'],
    seed: 4,
  },
  {
    fault: 'a checkpoint is completed before its pages are synced',
    file: 'random-access-kv/dist/kv.js',
    pattern: /await disk\.sync\(\);\s*if \(disk\.failedSyncs !== portion\.failedSyncs\)/,
    replacement: 'if (disk.failedSyncs !== portion.failedSyncs)',
    caughtAs: ['lost', 'error', 'audit'],
    seed: 49,
  },
  {
    fault: 'the lease of a session is kept when the session closes',
    file: 'corestore/dist/index.js',
    pattern: /queueMicrotask\(\(\) => lease\.release\(\)\);/,
    replacement: '',
    caughtAs: ['leak'],
    seed: 2,
  },
  {
    fault: 'a core is served that authorize refuses',
    file: 'replicator/dist/index.js',
    pattern:
      /if \(this\.#permissions\.isOpen\) (return this\.#serve\(peer, discoveryKey, this\.#permissions\.current\);)/,
    replacement: '$1',
    caughtAs: ['refused'],
    seed: 1,
  },
  {
    fault: 'a core is offered before authorize has answered',
    file: 'replicator/dist/index.js',
    pattern:
      /if \(this\.#permissions\.isOpen\) (\{\s*peer\.attach\(core\);\s*return;\s*\}\s*this\.#attachPermitted)/,
    replacement: '$1',
    caughtAs: ['refused'],
    seed: 1,
  },
  {
    fault: 'a core that comes to be stored stays unknown',
    file: 'replicator/dist/index.js',
    pattern: /this\.#unknown\.delete\(discoveryKey\);/,
    replacement: '',
    caughtAs: ['not converged'],
    seed: 116,
  },
  {
    fault: 'peers are told of blocks that are not synced',
    file: 'corestore/dist/index.js',
    pattern: /gateSends\([\w.]+, durability\);/,
    replacement: '',
    caughtAs: ['conflict', 'not converged', 'wrong block'],
    profile: 'default-options',
    seed: 1,
  },
  {
    fault: 'a core of a copy does not ask its peers before it is written',
    file: 'corestore/dist/index.js',
    pattern: /await this\.#peersAreQuiet\(doubt, aloneUntil\)/,
    replacement: 'true',
    caughtAs: ['conflict', 'wrong block', 'not converged', 'lost', 'hangs'],
    profile: 'copies',
    seed: 1,
  },
  {
    fault: 'a copy does not ask for cores that are not in it',
    file: 'corestore/dist/index.js',
    pattern: /doubt === null && this\.#continuity\.isCopy && core\.length === 0/,
    replacement: 'false',
    caughtAs: ['conflict', 'wrong block', 'not converged', 'lost', 'hangs'],
    profile: 'copies',
    seed: 1,
  },
]
