// The program: shows the public keys that an app has for each device and purpose, all from one primary key, then signs
// a message as one of them and checks the signature.
import type { Keychain } from '@coreyard/keychain'
import { openKeychain } from './primary-key.js'
import { isSignedBy } from './signatures.js'

const DEVICES = ['laptop', 'phone']
const PURPOSES = ['profile', 'messages']

const [file = 'primary.key', message = 'Hello from my laptop'] = process.argv.slice(2)

try {
  const keychain = await openKeychain(file)
  const app = keychain.namespace('example-app')
  printIdentities(app)
  signAndVerify(app.namespace('laptop'), 'messages', message)
  keychain.destroy()
} catch (error) {
  console.error(`${file}: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}

function printIdentities(app: Keychain): void {
  for (const device of DEVICES) {
    for (const purpose of PURPOSES) {
      const { publicKey } = app.namespace(device).keyPair(purpose)
      console.log(`${`${device}/${purpose}`.padEnd(16)} ${toHex(publicKey)}`)
    }
  }
}

function signAndVerify(device: Keychain, purpose: string, message: string): void {
  const { publicKey } = device.keyPair(purpose)
  const signature = device.sign(purpose, message)
  console.log(`${'message'.padEnd(16)} ${message}`)
  console.log(`${'signature'.padEnd(16)} ${toHex(signature)}`)
  console.log(`${'verified'.padEnd(16)} ${isSignedBy(publicKey, message, signature)}`)
  console.log(`${'altered message'.padEnd(16)} ${isSignedBy(publicKey, `${message}!`, signature)}`)
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
