// SHA-1 without a promise. WebCrypto's would make the thousands of rounds of
// PBKDF1 and of PKCS#12's derivation as many trips through the event loop.

import { type Bytes, concat } from '../asn1/bytes'

const START = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]

/** A state of five words. */
const start = (): Int32Array => Int32Array.from(START)

/** Takes the block in the first 16 of w's 80 words into the state (FIPS 180-4 section 6.1.2). */
function compress(state: Int32Array, w: Int32Array): void {
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let d = state[3]!
  let e = state[4]!
  for (let i = 0; i < 80; i++) {
    if (i > 15) {
      const x = w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!
      w[i] = (x << 1) | (x >>> 31)
    }
    const f =
      i < 20 ? (d ^ (b & (c ^ d))) + 0x5a827999 : i < 40 ? (b ^ c ^ d) + 0x6ed9eba1 : i < 60 ? ((b & c) | (d & (b | c))) + 0x8f1bbcdc : (b ^ c ^ d) + 0xca62c1d6
    const t = (((a << 5) | (a >>> 27)) + f + e + w[i]!) | 0
    e = d
    d = c
    c = (b << 30) | (b >>> 2)
    b = a
    a = t
  }
  state[0]! += a
  state[1]! += b
  state[2]! += c
  state[3]! += d
  state[4]! += e
}

function bytesOf(state: Int32Array): Bytes {
  const out = new DataView(new ArrayBuffer(20))
  state.forEach((v, i) => out.setInt32(4 * i, v))
  return new Uint8Array(out.buffer)
}

/** SHA-1 of all parts together, under 2^29 bytes: 20 bytes. */
export function sha1(...parts: Uint8Array[]): Bytes {
  const data = concat(...parts)
  const padded = new DataView(new ArrayBuffer(((data.length + 72) >> 6) << 6))
  new Uint8Array(padded.buffer).set(data)
  padded.setUint8(data.length, 128)
  padded.setInt32(padded.byteLength - 4, data.length << 3)
  const state = start()
  const w = new Int32Array(80)
  for (let at = 0; at < padded.byteLength; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = padded.getInt32(at + 4 * i)
    compress(state, w)
  }
  data.fill(0)
  new Uint8Array(padded.buffer).fill(0)
  return bytesOf(state)
}

/**
 * Hashes a digest of 20 bytes so many times over. Steps aside for a moment
 * now and then, so that a high count freezes no page.
 */
export async function sha1Again(digest: Uint8Array, times: number): Promise<Bytes> {
  const view = new DataView(digest.buffer, digest.byteOffset, 20)
  const state = start()
  for (let i = 0; i < 5; i++) state[i] = view.getInt32(4 * i)
  const w = new Int32Array(80)
  for (let n = 1; n <= times; n++) {
    w.fill(0, 5, 16)
    w.set(state)
    w[5] = 1 << 31
    w[15] = 160
    state.set(START)
    compress(state, w)
    if (n % 65536 === 0) await new Promise((next) => setTimeout(next))
  }
  return bytesOf(state)
}
