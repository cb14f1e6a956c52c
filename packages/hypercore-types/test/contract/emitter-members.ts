// What is common to everything evented; see members.ts.

import type { Emitter } from '../../src/index.js'
import type { Members } from './members.js'

export const emitterMembers: Members<Emitter<{ event: [] }>> = {
  on: 'method',
  once: 'method',
  off: 'method',
  addListener: 'method',
  removeListener: 'method',
  removeAllListeners: 'method',
  prependListener: 'method',
  prependOnceListener: 'method',
  emit: 'method',
  listenerCount: 'method',
  listeners: 'method',
  rawListeners: 'method',
  eventNames: 'method',
  setMaxListeners: 'method',
  getMaxListeners: 'method',
}
