/**
 * Corestore's key derivation on its own: any number of Ed25519 key pairs from one 32-byte primary key, the same
 * ones that Corestore 6 and 7 derive.
 *
 * ```ts
 * import { Keychain } from '@coreyard/keychain'
 *
 * const keychain = Keychain.generate()
 * const chat = keychain.namespace('chat')
 * const { publicKey } = chat.keyPair('messages')
 * const signature = chat.sign('messages', 'hello')
 * console.log(publicKey.byteLength, signature.byteLength) // 32 64
 * keychain.destroy()
 * ```
 *
 * @packageDocumentation
 */
export { CoreyardError } from './coreyard-error.js'
export { KeychainError, type KeychainErrorCode } from './errors.js'
export type { Bytes, KeyPair } from './key-pair.js'
export { childNamespace, Keychain, type KeychainOptions } from './keychain.js'
