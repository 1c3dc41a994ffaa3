import { type Bytes, copy, equal, random, wipe } from '../asn1/bytes'
import { algorithm, fields, int, type Node, nul, octets, readAlgorithm, readInt, seq } from '../asn1/der'
import { type Hash, hashes, keyOf } from '../asn1/oid'
import { fail } from '../error'
import { derive, FOR_MAC, SIZES } from './kdf'
import { readSalt, type Secret, spend } from './pbe'

/** Each round of the long hashes takes as long as so many of the others. */
const SLOW = 32

async function mac(hash: Hash, password: Uint8Array, salt: Uint8Array, iterations: number, content: Uint8Array): Promise<Bytes> {
  const raw = await derive(hash, password, salt, iterations, FOR_MAC, SIZES[hash][0])
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash }, false, ['sign'])
  wipe(raw)
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, copy(content)))
}

/**
 * Whether MacData (RFC 7292 §4) is right over the content. Of the two forms of
 * an empty password the secret keeps the one that fits.
 */
export async function checkMac(n: Node, s: Secret, content: Uint8Array): Promise<boolean> {
  const f = fields(n)
  const info = fields(f.take(0x30))
  const { oid } = readAlgorithm(info.take(0x30))
  const want = info.take(4).value
  const salt = readSalt(f.take(4))
  const count = f.may(2)
  f.end()
  const hash = keyOf(hashes, oid) ?? fail('unsupported')
  const iterations = count ? readInt(count) : 1n
  const fits = async (password: Bytes): Promise<boolean> => {
    spend(s, Number(iterations) * (hash > 'SHA-3' ? SLOW : 1))
    return equal(want, await mac(hash, password, salt, Number(iterations), content))
  }
  if (await fits(s.bmp)) return true
  if (s.bmp.length > 2 || !(await fits(new Uint8Array()))) return false
  s.bmp = new Uint8Array()
  return true
}

/** MacData over the content. */
export async function writeMac(hash: 'SHA-1' | 'SHA-256', password: Uint8Array, iterations: number, content: Uint8Array): Promise<Bytes> {
  const salt = random(16)
  const value = await mac(hash, password, salt, iterations, content)
  return seq(seq(algorithm(hashes[hash], nul()), octets(value)), octets(salt), int(iterations))
}
