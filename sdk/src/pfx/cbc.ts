import type { Bytes } from '../asn1/bytes'
import { unpad } from '../crypto/seed'
import { fail } from '../error'

/** Decrypts one block of 8 bytes into `out`. */
export type DecryptBlock = (block: Uint8Array, out: Uint8Array) => void

/** CBC with blocks of 8 bytes and PKCS#7 padding: `wrong-password` when it is not there. */
export function decryptCbc(decrypt: DecryptBlock, iv: Uint8Array, data: Uint8Array): Bytes {
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
