import type { Bytes } from '../asn1/bytes'
import { copy } from '../asn1/bytes'
import type { Hash } from '../asn1/oid'
import { sha1, sha1Again } from './sha1'

/** PBKDF1 with SHA-1 (RFC 8018 section 5.1), all 20 bytes of it. */
export const pbkdf1 = (password: Uint8Array, salt: Uint8Array, iterations: number): Promise<Bytes> =>
  sha1Again(sha1(password, salt), iterations - 1)

/** PBKDF2 with HMAC (RFC 8018 section 5.2), so many bytes of it. */
export async function pbkdf2(password: Uint8Array, salt: Uint8Array, iterations: number, hash: Hash, size: number): Promise<Bytes> {
  const raw = copy(password)
  const base = await crypto.subtle.importKey('raw', raw, 'PBKDF2', false, ['deriveBits'])
  raw.fill(0)
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash, salt: copy(salt), iterations }, base, size * 8))
}
