import { type Bytes, concat, equal, wipe } from '../asn1/bytes'
import { algorithm, fields, int, type Node, nul, octets, readAlgorithm, readInt, seq } from '../asn1/der'
import * as O from '../asn1/oid'
import { fail } from '../error'
import { derive, FOR_MAC, type Hash, sha1 } from './kdf'
import { readSalt, type Secret, spend } from './pbe'
import { sha256 } from './sha256'

function hmac(hash: Hash, key: Uint8Array, data: Uint8Array): Bytes {
  const pad = (x: number) => Uint8Array.from({ length: 64 }, (_, i) => (key[i] ?? 0) ^ x)
  return hash(concat(pad(0x5c), hash(concat(pad(0x36), data), 1)), 1)
}

function mac(hash: Hash, password: Uint8Array, salt: Uint8Array, iterations: number, content: Uint8Array): Bytes {
  const key = derive(hash, password, salt, iterations, FOR_MAC, hash === sha256 ? 32 : 20)
  const out = hmac(hash, key, content)
  wipe(key)
  return out
}

/**
 * Checks MacData (RFC 7292 §4) over the content: `wrong-password` when it is
 * not right, which a file that was changed looks like as well. Of the two forms
 * of an empty password the secret keeps the one that fits.
 */
export function checkMac(n: Node, s: Secret, content: Uint8Array): void {
  const f = fields(n)
  const info = fields(f.take(0x30))
  const { oid } = readAlgorithm(info.take(0x30))
  const want = info.take(4).value
  const salt = readSalt(f.take(4))
  const count = f.may(2)
  f.end()
  const hash = oid === O.sha256 ? sha256 : oid === O.sha1 ? sha1 : fail('unsupported')
  const iterations = spend(s, count ? readInt(count) : 1)
  const fits = (password: Bytes) => equal(want, mac(hash, password, salt, iterations, content))
  if (fits(s.bmp)) return
  if (s.bmp.length > 2 || !fits((s.bmp = new Uint8Array()))) fail('wrong-password')
}

/** MacData with HMAC-SHA256 over the content. */
export const writeMac = (password: Uint8Array, salt: Uint8Array, iterations: number, content: Uint8Array): Bytes =>
  seq(seq(algorithm(O.sha256, nul()), octets(mac(sha256, password, salt, iterations, content))), octets(salt), int(iterations))
