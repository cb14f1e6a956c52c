// The work in a page.

import { memoryStorage } from '@coreyard/corestore'
import { opfsStorage } from '@coreyard/random-access-opfs'
import { work } from './work.js'

let places = 0

Object.assign(globalThis, {
  memory: () => work(() => memoryStorage()),
  files: () => work(() => opfsStorage(`measured/${places++}`)),
})
