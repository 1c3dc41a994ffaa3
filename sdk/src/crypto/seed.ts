// SEED-128 (RFC 4269) in CBC mode with the padding of PKCS#7. WebCrypto has no
// SEED, and nearly every key file of the field is encrypted with it.

import type { Bytes } from '../asn1/bytes'
import { fail } from '../error'

/**
 * The SS-boxes of RFC 4269 section 2.2, four of 256 words: an S-box and the
 * masks of the function G in one look-up. The S-boxes are computed from their
 * definition: x^247 and x^251 in GF(2^8) modulo x^8+x^6+x^5+x+1, each followed
 * by an affine map.
 */
const SS = new Int32Array(1024)

const MASKS = [0x3fcff3fc, 0xfc3fcff3 | 0, 0xf3fc3fcf | 0, 0xcff3fc3f | 0]

function fill(box: number, exponent: number, constant: number, columns: number[]): void {
  for (let x = 0; x < 256; x++) {
    let power = 1
    for (let i = 0; i < exponent; i++) {
      let product = 0
      for (let a = power, b = x; b; b >>= 1) {
        if (b & 1) product ^= a
        if ((a <<= 1) & 256) a ^= 0x163
      }
      power = product
    }
    const s = columns.reduce((sum, column, bit) => ((power >> bit) & 1 ? sum ^ column : sum), constant)
    for (const i of [box, box + 2]) SS[i * 256 + x] = (s * 0x01010101) & MASKS[i]!
  }
}
fill(0, 247, 0xa9, [0x2c, 0xd0, 0x69, 0xc2, 0x41, 0x44, 0x58, 0xe2])
fill(1, 251, 0x38, [0xd0, 0x2a, 0xe1, 0x2c, 0x21, 0x30, 0xa2, 0x6c])

const g = (x: number): number => SS[x & 255]! ^ SS[256 | ((x >>> 8) & 255)]! ^ SS[512 | ((x >>> 16) & 255)]! ^ SS[768 | (x >>> 24)]!

/** The 32 round keys, in the order they are used (RFC 4269 section 2.3). */
function expand(key: Uint8Array, decrypt: boolean): Int32Array {
  const v = new DataView(key.buffer, key.byteOffset, 16)
  let [k0, k1, k2, k3] = [0, 4, 8, 12].map((i) => v.getInt32(i)) as [number, number, number, number]
  const keys = new Int32Array(32)
  let kc = 0x9e3779b9 | 0 // the golden ratio; each round's constant is its rotation
  for (let i = 0; i < 16; i++) {
    const at = 2 * (decrypt ? 15 - i : i)
    keys[at] = g((k0 + k2 - kc) | 0)
    keys[at + 1] = g((k1 - k3 + kc) | 0)
    if (i % 2) [k2, k3] = [(k2 << 8) | (k3 >>> 24), (k3 << 8) | (k2 >>> 24)]
    else [k0, k1] = [(k0 >>> 8) | (k1 << 24), (k1 >>> 8) | (k0 << 24)]
    kc = (kc << 1) | (kc >>> 31)
  }
  return keys
}

/** Encrypts the block of four words in place (RFC 4269 section 2.1), two rounds at a time. */
function block(keys: Int32Array, b: Int32Array): void {
  let l0 = b[0]!
  let l1 = b[1]!
  let r0 = b[2]!
  let r1 = b[3]!
  for (let i = 0; i < 32; i += 4) {
    let c = r0 ^ keys[i]!
    let d = g(r1 ^ keys[i + 1]! ^ c)
    c = g((c + d) | 0)
    d = g((c + d) | 0)
    l0 ^= (c + d) | 0
    l1 ^= d
    c = l0 ^ keys[i + 2]!
    d = g(l1 ^ keys[i + 3]! ^ c)
    c = g((c + d) | 0)
    d = g((c + d) | 0)
    r0 ^= (c + d) | 0
    r1 ^= d
  }
  b[0] = r0
  b[1] = r1
  b[2] = l0
  b[3] = l1
}

/** Runs CBC over whole blocks; the result is new memory. */
function cbc(key: Uint8Array, iv: Uint8Array, data: Uint8Array, decrypt: boolean): Bytes {
  if (key.length !== 16 || iv.length !== 16 || data.length % 16) fail('format')
  const keys = expand(key, decrypt)
  const out = new Uint8Array(data.length)
  const from = new DataView(data.buffer, data.byteOffset, data.length)
  const to = new DataView(out.buffer)
  const before = new DataView(iv.buffer, iv.byteOffset, 16)
  const b = new Int32Array(4)
  for (let at = 0; at < data.length; at += 16) {
    const last = at === 0 ? before : decrypt ? from : to
    const p = at === 0 ? 0 : at - 16
    for (let i = 0; i < 4; i++) b[i] = from.getInt32(at + 4 * i) ^ (decrypt ? 0 : last.getInt32(p + 4 * i))
    block(keys, b)
    for (let i = 0; i < 4; i++) to.setInt32(at + 4 * i, b[i]! ^ (decrypt ? last.getInt32(p + 4 * i) : 0))
  }
  keys.fill(0)
  b.fill(0)
  return out
}

/** Encrypts with SEED-CBC: key and IV of 16 bytes, padding of PKCS#7. */
export function seedCbcEncrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Bytes {
  const padded = pad(data, 16)
  const out = cbc(key, iv, padded, false)
  padded.fill(0)
  return out
}

/** Reverses seedCbcEncrypt. `wrong-password` when the padding is not right, `format` when the size is not. */
export const seedCbcDecrypt = (key: Uint8Array, iv: Uint8Array, data: Uint8Array): Bytes =>
  unpad(cbc(key, iv, data, true), 16)

/** Adds the padding of PKCS#7 (RFC 5652 section 6.3) for blocks of a size. */
export function pad(data: Uint8Array, size: number): Bytes {
  const n = size - (data.length % size)
  const out = new Uint8Array(data.length + n).fill(n)
  out.set(data)
  return out
}

/** Takes it off again and clears the memory it was given; `wrong-password` when it is not there. */
export function unpad(data: Bytes, size: number): Bytes {
  const n = data[data.length - 1] ?? 0
  const ok = n > 0 && n <= size && n <= data.length && data.subarray(data.length - n).every((c) => c === n)
  const out = ok ? data.slice(0, data.length - n) : undefined
  data.fill(0)
  return out ?? fail('wrong-password')
}
