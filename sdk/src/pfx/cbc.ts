import type { Bytes } from '../asn1/bytes'
import { pad, unpad } from '../crypto/seed'
import { fail } from '../error'

/** Works on one block of 8 bytes, into `out`. */
export type Block = (block: Uint8Array, out: Uint8Array) => void

/** CBC with blocks of 8 bytes and PKCS#7 padding: `wrong-password` when it is not there. */
export function decryptCbc(decrypt: Block, iv: Uint8Array, data: Uint8Array): Bytes {
  if (!data.length || data.length % 8) fail('format')
  const out = new Uint8Array(data.length)
  let last = iv
  for (let at = 0; at < data.length; at += 8) {
    const block = data.subarray(at, at + 8)
    const plain = out.subarray(at, at + 8)
    decrypt(block, plain)
    for (let i = 0; i < 8; i++) plain[i]! ^= last[i]!
    last = block
  }
  return unpad(out, 8)
}

/** Reverses decryptCbc. */
export function encryptCbc(encrypt: Block, iv: Uint8Array, data: Uint8Array): Bytes {
  const out = pad(data, 8)
  let last = iv
  for (let at = 0; at < out.length; at += 8) {
    const block = out.subarray(at, at + 8)
    encrypt(block.map((b, i) => b ^ last[i]!), block)
    last = block
  }
  return out
}
