// Private keys as PKCS#8 with R, and the key files that hold them (signPri.key).

import { type Bytes, compare, copy, encode, unpem, wipe as clear } from '../asn1/bytes'
import {
  DerError,
  type Node,
  algorithm,
  bad,
  bits,
  fields,
  implicit,
  int,
  noParams,
  nul,
  oid,
  parse,
  readAlgorithm,
  readBits,
  readInt,
  readOid,
  readSmall,
  seq,
  set,
} from '../asn1/der'
import { randomNum, rsaEncryption } from '../asn1/oid'
import { type Encryption, MAX_KEY_SIZE, open, seal } from '../crypto/pbes'
import { fail } from '../error'

/** A private key that is open. Wipe it when it is done with. */
export interface PrivateKey {
  /** PKCS#8 DER with R and all else that came with it, so that nothing is lost when it is written again. */
  pkcs8: Bytes
  /** The random number that proves whose the certificate is: RSIZE bytes, leading zeros count. Some keys have none. */
  r?: Bytes
}

/** The size of R in bytes. */
export const RSIZE = 20

const MAX_ATTRIBUTES = 32
const MAX_MODULUS = 1024 // bytes

interface Info {
  key: Node // what the OCTET STRING holds
  attributes: Node[]
  publicKey?: Node
}

/** Reads PrivateKeyInfo (RFC 5958). A DerError is "no PKCS#8", `unsupported` a key that is not RSA. */
function readInfo(pkcs8: Uint8Array): Info {
  if (pkcs8.length > MAX_KEY_SIZE) bad()
  const f = fields(parse(pkcs8))
  const version = readSmall(f.take())
  const { oid: id, params } = readAlgorithm(f.take())
  const key = f.take(4)
  const attributes = f.may(0xa0)?.children() ?? []
  const publicKey = f.may(0x81)
  f.end()
  if (version > 1 || (version === 1) !== !!publicKey?.value.length) bad()
  if (id !== rsaEncryption || !noParams(params)) fail('unsupported')
  return publicKey ? { key, attributes, publicKey } : { key, attributes }
}

/** The eight numbers of an RSA key (RFC 8017 appendix A.1.2) after its version, which must be 0. */
function readRsa(key: Node): bigint[] {
  const f = fields(parse(key.value))
  if (readSmall(f.take()) !== 0) fail('unsupported')
  const numbers = f.rest()
  if (numbers.length !== 8 || numbers[0]!.value.length > MAX_MODULUS + 1) bad()
  const rsa = numbers.map(readInt)
  return rsa.every((v) => v > 0n) ? rsa : bad()
}

/** Whether the numbers belong together: one that doesn't could give the key away when it signs. */
function consistent(rsa: bigint[]): boolean {
  const [n, e, d, p, q, dp, dq, qi] = rsa as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint]
  if (p < 3n || q < 3n || p * q !== n || e < 3n) return false
  const [p1, q1] = [p - 1n, q - 1n]
  return (e * d) % p1 === 1n && (e * d) % q1 === 1n && dp === d % p1 && dq === d % q1 && (qi * q) % p === 1n
}

function isR(attribute: Node): boolean {
  return readOid(fields(attribute).take()) === randomNum
}

function readR(attribute: Node): Bytes {
  const f = fields(attribute)
  f.take()
  const [value, more] = f.take(0x31).children()
  f.end()
  const r = value && !more ? readBits(value) : bad()
  return r.length === RSIZE ? r.slice() : bad()
}

/**
 * Reads an unencrypted PKCS#8 key, with R or without. Codes: `format`, and
 * `unsupported` for what is not RSA with two primes.
 */
export function readPrivateKey(pkcs8: Uint8Array): PrivateKey {
  const { key, attributes } = readInfo(pkcs8)
  if (!consistent(readRsa(key)) || attributes.length > MAX_ATTRIBUTES) bad()
  for (const a of attributes) {
    const f = fields(a)
    f.take(6)
    f.take(0x31)
    f.end()
  }
  const [r, more] = attributes.filter(isR)
  if (more) bad()
  const whole = copy(pkcs8)
  return r ? { pkcs8: whole, r: readR(r) } : { pkcs8: whole }
}

/** The same key with this R, in place of the one it had. New memory. */
export function withR(pkcs8: Uint8Array, r: Uint8Array): Bytes {
  if (r.length !== RSIZE) fail('format')
  const { key, attributes, publicKey } = readInfo(pkcs8)
  const all = attributes.filter((a) => !isR(a)).map((a) => a.raw)
  all.push(seq(oid(randomNum), set(bits(r))))
  const end = publicKey ? [publicKey.raw] : []
  return seq(int(end.length), algorithm(rsaEncryption, nul()), key.raw, implicit(0, true, ...all.sort(compare)), ...end)
}

/** The SubjectPublicKeyInfo of a key (RFC 3279 section 2.3.1). */
export function publicKeyOf(pkcs8: Uint8Array): Bytes {
  const [n, e] = readRsa(readInfo(pkcs8).key) as [bigint, bigint]
  return seq(algorithm(rsaEncryption, nul()), bits(seq(int(n), int(e))))
}

/**
 * The key for WebCrypto: RSASSA-PKCS1-v1_5 with SHA-256, not to be taken out
 * again. Attributes are left out, for importKey may refuse them.
 */
export async function signer(k: PrivateKey): Promise<CryptoKey> {
  const bare = seq(int(0), algorithm(rsaEncryption, nul()), readInfo(k.pkcs8).key.raw)
  try {
    return await crypto.subtle.importKey('pkcs8', bare, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['sign'])
  } catch (err) {
    return err instanceof DOMException ? fail('unsupported') : Promise.reject(err)
  } finally {
    clear(bare)
  }
}

/** Overwrites what a key holds. */
export const wipe = (k?: PrivateKey): void => clear(k?.pkcs8, k?.r)

/**
 * Opens a key file, DER or PEM, with any password: the rules for new ones
 * don't count here. Codes: `format`, `unsupported`, `iterations`, and
 * `wrong-password`, also when the padding happens to be right and what it
 * holds is no PKCS#8 key.
 */
export async function openKey(file: Uint8Array, password: string): Promise<PrivateKey & { encryption: Encryption }> {
  const secret = encode(password)
  const { plain, encryption } = await open(unpem(file), secret).finally(() => clear(secret))
  try {
    try {
      readInfo(plain)
    } catch (err) {
      if (err instanceof DerError) fail('wrong-password')
      throw err
    }
    return { ...readPrivateKey(plain), encryption }
  } finally {
    clear(plain)
  }
}

/**
 * Writes a key file with R and all else. Salt and IV are drawn unless e brings
 * them: pass `fresh(e)` for a new password. It does not judge the password.
 * Codes: `iterations`, `unsupported`, `format`.
 */
export async function sealKey(k: PrivateKey, password: string, e: Encryption): Promise<Bytes> {
  readPrivateKey(k.pkcs8)
  const secret = encode(password)
  return seal(k.pkcs8, secret, e).finally(() => clear(secret))
}
