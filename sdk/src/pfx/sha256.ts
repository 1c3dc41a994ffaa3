// SHA-256 at once, for PKCS#12's key derivation: it hashes some thousand times
// in a row, and a promise for each costs more than the hash itself.

import type { Bytes } from '../asn1/bytes'

/** The first 32 bits behind the point of a root of the first primes (FIPS 180-4 §4.2.2, §5.3.3). */
function roots(count: number, exponent: number): Int32Array {
  const out = new Int32Array(count)
  for (let n = 2, i = 0; i < count; n++) {
    let d = 2
    while (n % d) d++
    if (d === n) out[i++] = (n ** exponent % 1) * 2 ** 32
  }
  return out
}

const K = roots(64, 1 / 3)
const START = roots(8, 1 / 2)

const rotate = (x: number, n: number) => (x >>> n) | (x << (32 - n))

/** Takes the block in the first 16 words of w into the state (FIPS 180-4 §6.2.2). */
function compress(state: Int32Array, w: Int32Array): void {
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let d = state[3]!
  let e = state[4]!
  let f = state[5]!
  let g = state[6]!
  let h = state[7]!
  for (let i = 0; i < 64; i++) {
    if (i > 15) {
      const x = w[i - 15]!
      const y = w[i - 2]!
      w[i] = (w[i - 16]! + w[i - 7]! + (rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)) + (rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10))) | 0
    }
    const t = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + K[i]! + w[i]!) | 0
    const u = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t) | 0
    d = c
    c = b
    b = a
    a = (t + u) | 0
  }
  state[0]! += a
  state[1]! += b
  state[2]! += c
  state[3]! += d
  state[4]! += e
  state[5]! += f
  state[6]! += g
  state[7]! += h
}

/** SHA-256 of under 2^29 bytes, and of that hash again until it was done so many times. */
export function sha256(data: Uint8Array, times = 1): Bytes {
  const size = data.length
  const padded = new Uint8Array((size + 72) & ~63)
  padded.set(data)
  padded[size] = 0x80
  const view = new DataView(padded.buffer)
  view.setInt32(padded.length - 4, size << 3)
  const state = START.slice()
  const w = new Int32Array(64)
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + 4 * i)
    compress(state, w)
  }
  padded.fill(0)
  while (--times > 0) {
    w.fill(0, 8, 16)
    w.set(state)
    w[8] = 1 << 31
    w[15] = 256
    state.set(START)
    compress(state, w)
  }
  const out = new DataView(new ArrayBuffer(32))
  state.forEach((x, i) => out.setInt32(4 * i, x))
  return new Uint8Array(out.buffer)
}
