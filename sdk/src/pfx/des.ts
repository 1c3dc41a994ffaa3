// Triple DES, for files of old programs and for those that read nothing else.
// The tables are FIPS 46-3's; those that follow a rule are made at load.

import type { Block } from './cbc'

const SELECT =
  'e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d' +
  'f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9' +
  'a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c' +
  '7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e' +
  '2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453' +
  'c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d' +
  '4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c' +
  'd2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b'

const P = [16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25]

const PC2 = [
  14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
  41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
]

const range = <T>(n: number, f: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => f(i))

/** Bit numbers, from 0, that the initial permutation takes in turn. */
const IP = range(64, (i) => (i < 32 ? 57 : 48) + 2 * (i >> 3) - 8 * (i & 7))

/** As PC-1: the halves C and D of a key, 28 bits each. */
const PC1 = range(56, (i) => {
  const j = i % 28
  return i < 28 ? 56 + (j >> 3) - 8 * (j & 7) : 62 - (j >> 3) - 8 * (j & 7) - (j > 23 ? 32 : 0)
})

/** S-boxes and P together: what six bits of box i put into the half. */
const SP = range(8, (box) => {
  const bits = P.map((p) => p - 1 - 4 * box)
  return Int32Array.from(range(64, (v) => {
    const s = parseInt(SELECT[64 * box + 16 * (((v >> 4) & 2) | (v & 1)) + ((v >> 1) & 15)]!, 16)
    return bits.reduce((out, bit) => (out << 1) | (bit >= 0 && bit < 4 ? (s >> (3 - bit)) & 1 : 0), 0)
  }))
})

const bit = (b: Uint8Array, n: number) => (b[n >> 3]! >> (7 - (n & 7))) & 1

/** The 16 round keys, each eight times six bits. */
function schedule(key: Uint8Array): number[][] {
  let c = PC1.map((n) => bit(key, n))
  return range(16, (round) => {
    const shift = [0, 1, 8, 15].includes(round) ? 1 : 2
    c = range(56, (i) => c[i < 28 ? (i + shift) % 28 : 28 + ((i + shift) % 28)]!)
    return range(8, (g) => range(6, (i) => c[PC2[6 * g + i]! - 1]!).reduce((v, b) => v * 2 + b, 0))
  })
}

/** Decrypts or encrypts blocks with a key of 24 bytes, or of 16 for two keys. */
export function tripleDes(key: Uint8Array, encrypt = false): Block {
  const [k1, k2, k3] = [0, 8, 16 % key.length].map((at) => schedule(key.subarray(at, at + 8)))
  // Decrypt with the third key, encrypt with the second, decrypt with the first.
  const passes = [k3!.reverse(), k2!, k1!.reverse()]
  if (encrypt) passes.reverse().forEach((rounds) => rounds.reverse())
  const halves = new Int32Array(2)
  return (block, out) => {
    IP.forEach((n, i) => (halves[i >> 5] = (halves[i >> 5]! << 1) | bit(block, n)))
    let [l, r] = halves as unknown as [number, number]
    for (const rounds of passes) {
      for (const k of rounds) {
        let f = 0
        for (let i = 0; i < 8; i++) {
          const turn = (4 * i + 5) & 31
          f |= SP[i]![(((r << turn) | (r >>> (32 - turn))) & 63) ^ k[i]!]!
        }
        ;[l, r] = [r, l ^ f]
      }
      ;[l, r] = [r, l]
    }
    out.fill(0)
    IP.forEach((n, i) => (out[n >> 3]! |= (((i < 32 ? l : r) >> (31 - (i & 31))) & 1) << (7 - (n & 7))))
  }
}
