// The functions for browsers beside libsodium itself: the same bytes, and the same inputs refused.

import { createHash, randomBytes } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import native from 'sodium-universal'
import { describe, expect, test } from 'vitest'
import * as sodium from '../src/sodium/index.js'

const SIZES = [0, 1, 15, 16, 17, 63, 64, 65, 127, 128, 1000, 65_537]
const { Point } = ed25519
const ORDER = Point.Fn.ORDER

test('has every constant with the value of libsodium', () => {
  const constants = Object.entries(sodium).filter(([, value]) => typeof value === 'number')
  expect(constants.length).toBeGreaterThan(40)
  for (const [name, value] of constants) expect([name, value]).toEqual([name, native[name]])
})

test('has the same functions by name and by default', () => {
  const { default: all, ...named } = sodium
  expect(all).toEqual(named)
})

describe('hashes', () => {
  test.each(SIZES)('%i bytes as libsodium does, with a key and without', (size) => {
    for (const key of [null, randomBytes(16), randomBytes(64)]) {
      for (const outSize of [16, 32, 33, 64]) {
        same(outSize, (api, out) => api.crypto_generichash(out, pattern(size), key))
        same(outSize, (api, out) =>
          api.crypto_generichash_batch(out, [pattern(1), pattern(size), pattern(0)], key),
        )
      }
    }
    same(64, (api, out) => api.crypto_hash_sha512(out, pattern(size)))
  })

  test('no output and no key of a wrong size', () => {
    for (const api of [native, sodium]) {
      for (const size of [15, 65]) {
        expect(() => api.crypto_generichash(Buffer.alloc(size), pattern(1))).toThrow()
        expect(() => api.crypto_generichash(Buffer.alloc(32), pattern(1), Buffer.alloc(size))).toThrow()
      }
    }
  })
})

describe('signatures', () => {
  test.each(SIZES)('of %i bytes are those of libsodium', (size) => {
    const [publicKey, secretKey] = keyPair(size)
    same(32, (api, out) => api.crypto_sign_seed_keypair(out, Buffer.alloc(64), Buffer.alloc(32, size)))
    same(64, (api, out) => api.crypto_sign_seed_keypair(Buffer.alloc(32), out, Buffer.alloc(32, size)))
    same(64, (api, out) => api.crypto_sign_detached(out, pattern(size), secretKey))
    same(32, (api, out) => api.crypto_sign_ed25519_sk_to_pk(out, secretKey))
    const signature = sign(pattern(size), secretKey)
    expect(sodium.crypto_sign_verify_detached(signature, pattern(size), publicKey)).toBe(true)
    for (let i = 0; i < 64; i++) {
      const wrong = Buffer.from(signature)
      wrong[i] = (wrong[i] ?? 0) ^ (1 << (i % 8))
      expect(sodium.crypto_sign_verify_detached(wrong, pattern(size), publicKey)).toBe(false)
    }
  })

  test('use the public key that the secret key carries, as those of libsodium do', () => {
    const [, secretKey] = keyPair(1)
    const odd = Buffer.concat([secretKey.subarray(0, 32), keyPair(2)[0]])
    same(64, (api, out) => api.crypto_sign_detached(out, pattern(10), odd))
  })

  test('of a random key pair are accepted by libsodium', () => {
    const [publicKey, secretKey] = [Buffer.alloc(32), Buffer.alloc(64)]
    sodium.crypto_sign_keypair(publicKey, secretKey)
    expect(native.crypto_sign_verify_detached(sign(pattern(9), secretKey), pattern(9), publicKey)).toBe(true)
  })

  test('that are made to be judged differently are judged as libsodium judges them', () => {
    const torsion = smallOrderPoints()
    expect(torsion).toHaveLength(8)
    const message = pattern(32)
    const cases: [signature: Buffer, publicKey: Buffer][] = []
    for (const small of torsion) {
      // Keys and commitments with a part of small order, and of small order only.
      cases.push(craft({ keyTorsion: small, commitmentTorsion: Point.ZERO }))
      cases.push(craft({ keyTorsion: Point.ZERO, commitmentTorsion: small }))
      cases.push(craft({ keyTorsion: small, commitmentTorsion: small }))
      cases.push(craft({ keyTorsion: small, commitmentTorsion: small.negate() }))
      cases.push([Buffer.concat([small.toBytes(), Buffer.alloc(32)]), Buffer.from(small.toBytes())])
      cases.push([Buffer.concat([Point.ZERO.toBytes(), Buffer.alloc(32)]), Buffer.from(small.toBytes())])
    }
    const [publicKey, secretKey] = keyPair(7)
    const signature = sign(message, secretKey)
    // A response that is not reduced, and encodings of points that are not canonical.
    const response = littleEndian(signature.subarray(32)) + ORDER
    cases.push([Buffer.concat([signature.subarray(0, 32), toBuffer(response)]), publicKey])
    for (const encoding of nonCanonical()) {
      cases.push([Buffer.concat([encoding, Buffer.alloc(32)]), publicKey])
      cases.push([signature, encoding])
    }
    cases.push([signature, publicKey])
    const judged = (api: typeof native) =>
      cases.map(([sig, key]) => api.crypto_sign_verify_detached(sig, message, key))
    expect(judged(sodium)).toEqual(judged(native))
    expect(judged(native).filter(Boolean).length).toBeGreaterThan(0)

    function craft(parts: {
      keyTorsion: InstanceType<typeof Point>
      commitmentTorsion: InstanceType<typeof Point>
    }) {
      const [scalar, nonce] = [12_345n, 67_890n]
      const key = Buffer.from(Point.BASE.multiply(scalar).add(parts.keyTorsion).toBytes())
      const commitment = Point.BASE.multiply(nonce).add(parts.commitmentTorsion).toBytes()
      const hashed = createHash('sha512').update(commitment).update(key).update(message).digest()
      const response = (nonce + (littleEndian(hashed) % ORDER) * scalar) % ORDER
      return [Buffer.concat([commitment, toBuffer(response)]), key] as [Buffer, Buffer]
    }
  })
})

describe('Diffie-Hellman', () => {
  test('gives what libsodium gives', () => {
    for (let i = 0; i < 8; i++) {
      const scalar = randomBytes(32)
      const publicKey = Buffer.alloc(32)
      native.crypto_scalarmult_base(publicKey, randomBytes(32))
      same(32, (api, out) => api.crypto_scalarmult_base(out, scalar))
      same(32, (api, out) => api.crypto_scalarmult(out, scalar, publicKey))
      same(32, (api, out) => api.crypto_scalarmult_ed25519_noclamp(out, scalar, keyPair(i)[0]))
      same(32, (api, out) => api.crypto_kx_seed_keypair(out, Buffer.alloc(32), scalar))
      same(32, (api, out) => api.crypto_kx_seed_keypair(Buffer.alloc(32), out, scalar))
      same(32, (api, out) => api.crypto_box_seed_keypair(out, Buffer.alloc(32), scalar))
      same(32, (api, out) => api.crypto_box_seed_keypair(Buffer.alloc(32), out, scalar))
    }
    const scalars = [1n, 2n, ORDER - 1n, ORDER + 1n, 2n ** 255n + 5n, 2n ** 256n - 1n]
    for (const scalar of scalars) {
      same(32, (api, out) => api.crypto_scalarmult_ed25519_noclamp(out, toBuffer(scalar), keyPair(1)[0]))
    }
  })

  test('refuses what libsodium refuses', () => {
    const mixed = Buffer.from(
      Point.fromBytes(keyPair(1)[0])
        .add(smallOrderPoints()[1] ?? Point.ZERO)
        .toBytes(),
    )
    const points = [
      ...smallOrderPoints().map((point) => Buffer.from(point.toBytes())),
      ...nonCanonical(),
      mixed,
    ]
    for (const point of points) {
      for (const api of [native, sodium]) {
        const call = () => api.crypto_scalarmult_ed25519_noclamp(Buffer.alloc(32), Buffer.alloc(32, 1), point)
        expect(call).toThrow()
      }
    }
    for (const api of [native, sodium]) {
      for (const scalar of [0n, ORDER]) {
        const call = () =>
          api.crypto_scalarmult_ed25519_noclamp(Buffer.alloc(32), toBuffer(scalar), keyPair(1)[0])
        expect(call).toThrow()
      }
      expect(() => api.crypto_scalarmult(Buffer.alloc(32), Buffer.alloc(32, 8), Buffer.alloc(32))).toThrow()
    }
  })

  test('of random key pairs agrees on both sides', () => {
    const makers = [
      [sodium.crypto_kx_keypair, native.crypto_kx_keypair],
      [sodium.crypto_box_keypair, native.crypto_box_keypair],
    ] as const
    for (const [makeA, makeB] of makers) {
      const [a, b] = [newPair(), newPair()]
      makeA(...a)
      makeB(...b)
      const [ours, theirs] = [Buffer.alloc(32), Buffer.alloc(32)]
      sodium.crypto_scalarmult(ours, a[1], b[0])
      native.crypto_scalarmult(theirs, b[1], a[0])
      expect(ours).toEqual(theirs)
    }

    function newPair(): [publicKey: Buffer, secretKey: Buffer] {
      return [Buffer.alloc(32), Buffer.alloc(32)]
    }
  })
})

describe('encryption', () => {
  const key = pattern(32)

  test.each(SIZES)('of %i bytes is that of libsodium', (size) => {
    const message = pattern(size)
    same(size, (api, out) => api.crypto_stream_xor(out, message, pattern(24), key))
    same(size + 16, (api, out) => api.crypto_secretbox_easy(out, message, pattern(24), key))
    for (const additional of [null, pattern(0), pattern(5), pattern(64)]) {
      same(size + 16, (api, out) =>
        api.crypto_aead_chacha20poly1305_ietf_encrypt(out, message, additional, null, pattern(12), key),
      )
    }
    const [sealed, opened] = [Buffer.alloc(size + 48), Buffer.alloc(size)]
    const [publicKey, secretKey] = [Buffer.alloc(32), Buffer.alloc(32)]
    native.crypto_box_keypair(publicKey, secretKey)
    for (const [sender, receiver] of [
      [sodium, native],
      [native, sodium],
    ] as const) {
      sender.crypto_box_seal(sealed, message, publicKey)
      expect(receiver.crypto_box_seal_open(opened, sealed, publicKey, secretKey)).toBe(true)
      expect(opened).toEqual(message)
      sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1
      expect(receiver.crypto_box_seal_open(opened, sealed, publicKey, secretKey)).toBe(false)
    }
  })

  test('with a changed message, key, nonce or additional data is refused', () => {
    const [box, opened] = [Buffer.alloc(26), Buffer.alloc(10)]
    sodium.crypto_secretbox_easy(box, pattern(10), pattern(24), key)
    expect(sodium.crypto_secretbox_open_easy(opened, box, pattern(24), key)).toBe(true)
    expect(opened).toEqual(pattern(10))
    expect(sodium.crypto_secretbox_open_easy(opened, box, pattern(24), Buffer.alloc(32))).toBe(false)
    expect(sodium.crypto_secretbox_open_easy(opened, box, Buffer.alloc(24), key)).toBe(false)
    sodium.crypto_aead_chacha20poly1305_ietf_encrypt(box, pattern(10), pattern(3), null, pattern(12), key)
    for (const api of [native, sodium]) {
      api.crypto_aead_chacha20poly1305_ietf_decrypt(opened, null, box, pattern(3), pattern(12), key)
      const wrong = () =>
        api.crypto_aead_chacha20poly1305_ietf_decrypt(opened, null, box, pattern(4), pattern(12), key)
      expect(wrong).toThrow()
    }
  })
})

describe('the secret stream', () => {
  test.each([
    ['written by libsodium', native, sodium],
    ['read by libsodium', sodium, native],
  ])('%s has all its messages, with tags, additional data and new keys', (_, writer, reader) => {
    const { push, pull } = streams(writer, reader)
    for (const [i, size] of SIZES.entries()) {
      for (const tag of [0, 1, 2, 3]) {
        const additional = i % 2 === 0 ? null : pattern(i * 7)
        expect(pull(push(pattern(size), tag, additional), additional)).toEqual([pattern(size), tag])
      }
    }
  })

  test.each([
    ['written by libsodium', native, sodium],
    ['read by libsodium', sodium, native],
  ])('%s takes a new key when its counter is full', (_, writer, reader) => {
    const { push, pull, states } = streams(writer, reader)
    for (const state of states) state.set([0xff, 0xff, 0xff, 0xff], 32)
    for (let i = 0; i < 3; i++) expect(pull(push(pattern(i), 0, null), null)).toEqual([pattern(i), 0])
  })

  test('refuses a changed or missing message, and goes on with the right one', () => {
    const { push, pull } = streams(native, sodium)
    const cipher = push(pattern(100), 0, pattern(3))
    for (const at of [0, 1, 50, cipher.length - 1]) {
      const wrong = Buffer.from(cipher)
      wrong[at] = (wrong[at] ?? 0) ^ 1
      expect(() => pull(wrong, pattern(3))).toThrow('pull failed')
    }
    expect(() => pull(cipher, null)).toThrow('pull failed')
    expect(pull(cipher, pattern(3))).toEqual([pattern(100), 0])
    push(pattern(1), 0, null)
    expect(() => pull(push(pattern(2), 0, null), null)).toThrow('pull failed')
  })

  function streams(writer: typeof native, reader: typeof native) {
    const [key, header] = [Buffer.alloc(32), Buffer.alloc(24)]
    const [tx, rx] = [Buffer.alloc(52), Buffer.alloc(52)]
    writer.crypto_secretstream_xchacha20poly1305_keygen(key)
    writer.crypto_secretstream_xchacha20poly1305_init_push(tx, header, key)
    reader.crypto_secretstream_xchacha20poly1305_init_pull(rx, header, key)
    expect(rx).toEqual(tx)
    return {
      states: [tx, rx],
      push(message: Buffer, tag: number, additional: Buffer | null) {
        const cipher = Buffer.alloc(message.length + 17)
        writer.crypto_secretstream_xchacha20poly1305_push(tx, cipher, message, additional, tag)
        return cipher
      },
      pull(cipher: Buffer, additional: Buffer | null): [Buffer, number | undefined] {
        const [message, tag] = [Buffer.alloc(cipher.length - 17), Buffer.alloc(1)]
        reader.crypto_secretstream_xchacha20poly1305_pull(rx, message, tag, cipher, additional)
        return [message, tag[0]]
      },
    }
  }
})

describe('memory', () => {
  test('is filled with random bytes, however much it is', () => {
    const bytes = Buffer.alloc(200_000)
    sodium.randombytes_buf(bytes)
    for (let at = 0; at < bytes.length; at += 50_000) {
      expect(bytes.subarray(at, at + 32)).not.toEqual(Buffer.alloc(32))
    }
  })

  test('is wiped, compared and counted up', () => {
    const bytes = sodium.sodium_malloc(8)
    expect(bytes.secure).toBe(true)
    bytes.fill(255)
    sodium.sodium_increment(bytes)
    expect(sodium.sodium_is_zero(bytes)).toBe(true)
    for (const start of [0, 255, 65_535]) {
      const number = Buffer.alloc(4)
      number.writeUInt32LE(start)
      sodium.sodium_increment(number)
      expect(number.readUInt32LE()).toBe(start + 1)
    }
    expect(sodium.sodium_memcmp(pattern(8), pattern(8))).toBe(true)
    expect(sodium.sodium_memcmp(pattern(8), bytes)).toBe(false)
    bytes.fill(1)
    sodium.sodium_free(bytes)
    expect(sodium.sodium_is_zero(bytes)).toBe(true)
  })
})

/** Runs a function of both libraries with an output of that size, which must then be equal. */
function same(size: number, run: (api: typeof native, out: Buffer) => unknown): void {
  const [expected, actual] = [Buffer.alloc(size), Buffer.alloc(size)]
  run(native, expected)
  run(sodium, actual)
  expect(actual.equals(expected)).toBe(true)
}

function pattern(size: number): Buffer {
  return Buffer.from(Array.from({ length: size }, (_, i) => (i * 31 + size) & 0xff))
}

function keyPair(seed: number): [publicKey: Buffer, secretKey: Buffer] {
  const pair: [Buffer, Buffer] = [Buffer.alloc(32), Buffer.alloc(64)]
  native.crypto_sign_seed_keypair(...pair, Buffer.alloc(32, seed))
  return pair
}

function sign(message: Buffer, secretKey: Buffer): Buffer {
  const signature = Buffer.alloc(64)
  sodium.crypto_sign_detached(signature, message, secretKey)
  return signature
}

/** The eight points whose order divides 8. */
function smallOrderPoints(): InstanceType<typeof Point>[] {
  const found = new Map<string, InstanceType<typeof Point>>()
  for (let y = 0; found.size < 8 && y < 1000; y++) {
    const bytes = Buffer.alloc(32)
    bytes[0] = y & 0xff
    bytes[1] = y >> 8
    try {
      const point = Point.fromBytes(bytes, true)
      // What is left of a point when the main subgroup's part is taken away.
      let small = point.multiplyUnsafe(ORDER - 1n).add(point)
      for (let i = 0; i < 8; i++) {
        found.set(small.toHex(), small)
        small = small.add(point.multiplyUnsafe(ORDER - 1n).add(point))
      }
    } catch {
      // no point
    }
  }
  return [...found.values()]
}

/** Encodings of points that a strict reader refuses: a coordinate that is not reduced, a sign of zero, and no point. */
function nonCanonical(): Buffer[] {
  const prime = 2n ** 255n - 19n
  const sign = 2n ** 255n
  return [prime, prime + 1n, prime - 1n + sign, prime + sign, 1n + sign, sign - 1n, 2n ** 256n - 1n, 2n].map(
    toBuffer,
  )
}

function toBuffer(number: bigint): Buffer {
  return Buffer.from(number.toString(16).padStart(64, '0'), 'hex').reverse()
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
}
