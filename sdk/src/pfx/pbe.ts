import { type Bytes, encode, wipe } from '../asn1/bytes'
import { fields, type Node, readAlgorithm, readInt } from '../asn1/der'
import { decrypt, MAX_ITERATIONS, readEncryption } from '../crypto/pbes'
import { fail } from '../error'
import { type DecryptBlock, decryptCbc } from './cbc'
import { tripleDes } from './des'
import { bmp, derive, FOR_IV, FOR_KEY, sha1 } from './kdf'
import { rc2 } from './rc2'

/** What opens a file: the password in its two forms, and the iterations that may still be spent on it. */
export interface Secret {
  utf8: Bytes
  /** UTF-16 with a zero at its end; an empty password is also found as no bytes at all. */
  bmp: Bytes
  left: number
}

export const secretOf = (password: string): Secret => ({ utf8: encode(password), bmp: bmp(password), left: MAX_ITERATIONS })

/** Takes iterations off what is left: all parts of a file together must not keep one busy for long. */
export function spend(s: Secret, iterations: number | bigint): number {
  const n = Number(iterations)
  if (!(n > 0 && n <= s.left)) fail('iterations')
  s.left -= n
  return n
}

/** PKCS#12's own schemes (RFC 7292 appendix C) by their last number: cipher and size of the key. */
const SCHEMES: Record<string, [(key: Uint8Array) => DecryptBlock, number]> = {
  3: [tripleDes, 24],
  4: [tripleDes, 16],
  5: [rc2, 16],
  6: [rc2, 5],
}
const ARC = '1.2.840.113549.1.12.1.'
const MAX_SALT = 1024

/** A salt within bounds. */
export const readSalt = (n: Node): Bytes => (n.value.length && n.value.length <= MAX_SALT ? n.value : fail('format'))

/** Decrypts with the scheme that an AlgorithmIdentifier names: PKCS#12's own, or one of key files. */
export async function decryptWith(algorithm: Node, s: Secret, data: Bytes): Promise<Bytes> {
  const { oid, params } = readAlgorithm(algorithm)
  if (!oid.startsWith(ARC)) {
    const e = readEncryption(algorithm)
    spend(s, e.iterations)
    return decrypt(e, s.utf8, data)
  }
  const [cipher, size] = SCHEMES[oid.slice(ARC.length)] ?? fail('unsupported')
  const f = fields(params ?? fail('format'))
  const salt = readSalt(f.take(4))
  const count = spend(s, readInt(f.take(2)))
  f.end()
  const key = derive(sha1, s.bmp, salt, count, FOR_KEY, size)
  const iv = derive(sha1, s.bmp, salt, count, FOR_IV, 8)
  try {
    return decryptCbc(cipher(key), iv, data)
  } finally {
    wipe(key)
  }
}
