import type { Bytes } from '../asn1/bytes'
import { sha1 as once } from '../crypto/sha1'

/** A hash that answers at once, done so many times over. */
export type Hash = (data: Uint8Array, times: number) => Bytes

/** SHA-1, only where an old file wants it. */
export const sha1: Hash = (data, times) => {
  let a = once(data)
  while (--times > 0) a = once(a)
  return a
}

/** What the derived bytes are for (RFC 7292 B.3). */
export const FOR_KEY = 1
export const FOR_IV = 2
export const FOR_MAC = 3

const BLOCK = 64 // of SHA-1 and SHA-256

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
export function derive(
  hash: Hash, password: Uint8Array, salt: Uint8Array, iterations: number, purpose: number, size: number,
): Bytes {
  const whole = (n: number) => Math.ceil(n / BLOCK) * BLOCK
  const split = BLOCK + whole(salt.length)
  const input = new Uint8Array(split + whole(password.length)).fill(purpose, 0, BLOCK)
  for (let i = BLOCK; i < input.length; i++) {
    input[i] = i < split ? salt[(i - BLOCK) % salt.length]! : password[(i - split) % password.length]!
  }
  const out = new Uint8Array(size)
  for (let at = 0; at < size; ) {
    const a = hash(input, iterations)
    out.set(a.subarray(0, size - at), at)
    at += a.length
    for (let block = BLOCK; block < input.length; block += BLOCK) {
      let carry = 1
      for (let i = BLOCK; i-- > 0; carry >>= 8) {
        carry += input[block + i]! + a[i % a.length]!
        input[block + i] = carry
      }
    }
  }
  input.fill(0)
  return out
}
