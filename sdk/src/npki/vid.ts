// R and the virtual ID (KCAC.TS.SIVID), which show whose a certificate is.

import { type Bytes, concat, random, wipe } from '../asn1/bytes'
import { algorithm, bits, ctx, fields, fromBig, int, noParams, nul, octets, parse, printable, readAlgorithm, readBits, readInt, seq, tlv, toBig } from '../asn1/der'
import { type Hash, hashes, rsaEncryption } from '../asn1/oid'
import { fail } from '../error'
import { readCertificate } from '../x509/certificate'
import { RSIZE } from './key'

const MAX_IDN = 32
const MIN_BITS = 2048
const MAX_BITS = 8192

/**
 * The identity number that the field's clients put into the VID of a request.
 * It is nobody's: the authority reads R alone and computes the VID from the
 * number that it has proved itself.
 */
const CONSTANT_IDN = '1234561234567'

/** Draws a new R: 160 random bits. It goes into the key's file with the key. */
export const newR = (): Bytes => random(RSIZE)

/** The VID of an identity number, digits only, and R: the hash of the hash of both. */
export async function vid(idn: string, r: Uint8Array, hash: Hash = 'SHA-256'): Promise<Bytes> {
  if (!/^[0-9]+$/.test(idn) || idn.length > MAX_IDN || r.length !== RSIZE || !hashes[hash]) fail('format')
  const content = seq(printable(idn), bits(r))
  const first = await crypto.subtle.digest(hash, content)
  wipe(content)
  return new Uint8Array(await crypto.subtle.digest(hash, first))
}

/**
 * Encrypts R to an authority's key-management certificate and gives the DER of
 * an EncryptedVID. `unsupported` when its key is not RSA of 2048 bits at least.
 */
export async function encryptVid(r: Uint8Array, kmCertificate: Uint8Array): Promise<Bytes> {
  const km = readCertificate(kmCertificate)
  const sha256 = algorithm(hashes['SHA-256'], nul())
  const content = seq(seq(sha256, ctx(0, octets(await vid(CONSTANT_IDN, r)))), bits(r))
  const ciphertext = rsaEncrypt(km.spki, content)
  wipe(content)
  return seq(
    ctx(0, int(0)), // the field's clients write the version although 0 is its default
    ctx(1, sha256),
    ctx(2, algorithm(rsaEncryption, nul())),
    ctx(3, seq(km.rawIssuer, tlv(2, km.rawSerial))),
    ctx(4, octets(ciphertext)),
  )
}

/**
 * RSAES-PKCS1-v1_5 (RFC 8017 section 7.2.1), which WebCrypto has not and the
 * format knows alone.
 */
function rsaEncrypt(spki: Uint8Array, message: Uint8Array): Bytes {
  const filling = random(sizeOf(readPublicKey(spki)[0]) - 3 - message.length)
  for (let i = 0; i < filling.length; i++) while (!filling[i]) filling.set(random(1), i)
  const padded = concat(Uint8Array.of(0, 2), filling, Uint8Array.of(0), message)
  const out = rsaesBlock(spki, padded)
  wipe(filling, padded)
  return out
}

/**
 * The RSA public-key operation on a padded block. No private key is at work,
 * so the time that it takes tells nothing of one.
 */
export function rsaesBlock(spki: Uint8Array, block: Uint8Array): Bytes {
  const [n, e] = readPublicKey(spki)
  let base = toBig(block)
  let out = 1n
  for (let left = e; left; left >>= 1n) {
    if (left & 1n) out = (out * base) % n
    base = (base * base) % n
  }
  return fromBig(out, sizeOf(n))
}

const sizeOf = (n: bigint): number => Math.ceil(n.toString(2).length / 8)

/** Modulus and exponent of a public key that may be encrypted to. */
function readPublicKey(spki: Uint8Array): [n: bigint, e: bigint] {
  const f = fields(parse(spki))
  const { oid, params } = readAlgorithm(f.take())
  if (oid !== rsaEncryption || !noParams(params)) fail('unsupported')
  const key = fields(parse(readBits(f.take())))
  const [n, e] = [readInt(key.take()), readInt(key.take())]
  key.end()
  f.end()
  const size = n.toString(2).length
  if (n < 0n || size < MIN_BITS || size > MAX_BITS || e < 3n || e >= 2n ** 32n || !(e & 1n) || !(n & 1n)) fail('unsupported')
  return [n, e]
}
