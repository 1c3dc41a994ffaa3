import type { Bytes } from '../asn1/bytes'
import type { Hash } from '../asn1/oid'
import { sha1 } from '../crypto/sha1'
import { sha256 } from './sha256'

/** What the derived bytes are for (RFC 7292 B.3). */
export const FOR_KEY = 1
export const FOR_IV = 2
export const FOR_MAC = 3

/** The size of a hash, and of the blocks it works on. */
export const SIZES: Record<Hash, [size: number, block: number]> = {
  'SHA-1': [20, 64],
  'SHA-256': [32, 64],
  'SHA-384': [48, 128],
  'SHA-512': [64, 128],
}

/** Hashes, and the hash again, so many times over. The rare ones take a promise each time. */
async function repeat(hash: Hash, data: Bytes, times: number): Promise<Bytes> {
  if (hash === 'SHA-256') return sha256(data, times)
  for (; times-- > 0; ) data = hash === 'SHA-1' ? sha1(data) : new Uint8Array(await crypto.subtle.digest(hash, data))
  return data
}

/** The password as PKCS#12 wants it: UTF-16, high byte first, with a zero at its end. */
export function bmp(password: string): Bytes {
  const out = new Uint8Array(2 * password.length + 2)
  const view = new DataView(out.buffer)
  for (let i = 0; i < password.length; i++) view.setUint16(2 * i, password.charCodeAt(i))
  return out
}

/**
 * PKCS#12's own key derivation (RFC 7292 B.2).
 *
 * @param password as {@link bmp} makes it, or no bytes at all, which is the
 *   other form an empty password is found in.
 * @param size how many bytes are wanted.
 */
export async function derive(
  hash: Hash, password: Uint8Array, salt: Uint8Array, iterations: number, purpose: number, size: number,
): Promise<Bytes> {
  const [, block] = SIZES[hash]
  const whole = (n: number) => Math.ceil(n / block) * block
  const split = block + whole(salt.length)
  const input = new Uint8Array(split + whole(password.length)).fill(purpose, 0, block)
  for (let i = block; i < input.length; i++) {
    input[i] = i < split ? salt[(i - block) % salt.length]! : password[(i - split) % password.length]!
  }
  const out = new Uint8Array(size)
  for (let at = 0; at < size; ) {
    const a = await repeat(hash, input, iterations)
    out.set(a.subarray(0, size - at), at)
    at += a.length
    for (let from = block; from < input.length; from += block) {
      let carry = 1
      for (let i = block; i-- > 0; carry >>= 8) {
        carry += input[from + i]! + a[i % a.length]!
        input[from + i] = carry
      }
    }
  }
  input.fill(0)
  return out
}
