/**
 * The functions of libsodium that Hypercore and the packages around it call, by the names and with the arguments of `sodium-universal`,
 * made with `@noble/curves`, `@noble/ciphers` and `@noble/hashes`. They are available synchronously. libsodium compiled to WebAssembly
 * loads asynchronously, too late for Hypercore.
 *
 * @module
 */
import * as aead from './aead.js'
import * as box from './box.js'
import * as curve from './curve.js'
import * as hash from './hash.js'
import * as memory from './memory.js'
import * as secretstream from './secretstream.js'
import * as sign from './sign.js'

export * from './aead.js'
export * from './box.js'
export * from './curve.js'
export * from './hash.js'
export * from './memory.js'
export * from './secretstream.js'
export * from './sign.js'

const sodium = { ...aead, ...box, ...curve, ...hash, ...memory, ...secretstream, ...sign }
export default sodium
