// RC2 (RFC 2268), to open certificate bags of old programs: nothing is written
// with it.

import { unhex } from '../asn1/bytes'
import type { Block } from './cbc'

const PI = unhex(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32' +
  'bd8f40eb86b77b0bf09521225c6b4e8254d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626' +
  '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed708e8eade8052eef784aa72ac354d6a2a' +
  '961ad2715a1549744b9fd05e0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
  '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2e' +
  'c5f3db47e5a59c770aa62068fe7fc1ad',
)

/** Decrypts blocks with a key of which all bits count. */
export function rc2(key: Uint8Array): Block {
  const l = new Uint8Array(128)
  const n = key.length
  l.set(key)
  for (let i = n; i < 128; i++) l[i] = PI[(l[i - 1]! + l[i - n]!) & 255]!
  l[128 - n] = PI[l[128 - n]!]!
  for (let i = 127 - n; i >= 0; i--) l[i] = PI[l[i + 1]! ^ l[i + n]!]!
  const k = Array.from({ length: 64 }, (_, i) => l[2 * i]! | (l[2 * i + 1]! << 8))
  return (block, out) => {
    const r = [0, 2, 4, 6].map((i) => block[i]! | (block[i + 1]! << 8))
    const at = (i: number) => r[i & 3]!
    for (let round = 15; round >= 0; round--) {
      for (let i = 3; i >= 0; i--) {
        const turn = [1, 2, 3, 5][i]!
        const x = ((at(i) << (16 - turn)) | (at(i) >> turn)) & 0xffff
        r[i] = (x - k[4 * round + i]! - (at(i + 3) & at(i + 2)) - (~at(i + 3) & at(i + 1))) & 0xffff
      }
      if (round === 11 || round === 5) for (let i = 3; i >= 0; i--) r[i] = (at(i) - k[at(i + 3) & 63]!) & 0xffff
    }
    r.forEach((x, i) => out.set([x, x >> 8], 2 * i))
  }
}
