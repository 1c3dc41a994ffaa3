// Encryption by a password, as key files and PFX have it: the two SEED schemes
// of the field, which are PBES1, and PBES2 with SEED or AES (RFC 8018).

import { type Bytes, copy, encode, random, wipe } from '../asn1/bytes'
import { type Node, algorithm, fields, int, noParams, nul, octets, oid, parse, readAlgorithm, readInt, seq } from '../asn1/der'
import * as O from '../asn1/oid'
import { fail } from '../error'
import { pbkdf1, pbkdf2 } from './pbkdf'
import { seedCbcDecrypt, seedCbcEncrypt } from './seed'
import { sha1 } from './sha1'

/**
 * How something is encrypted. Handed back with its salt and IV it gives the
 * same bytes; without them (see fresh) new ones are drawn.
 *
 * - `seed15`: 1.2.410.200004.1.15, PBKDF1-SHA1 and SEED-CBC: what everybody writes
 * - `seed4`: 1.2.410.200004.1.4 as a password scheme, the same with a fixed IV
 * - `pbes2-…`: PBKDF2 with SEED-CBC or AES-CBC
 */
export interface Encryption {
  scheme: 'seed15' | 'seed4' | 'pbes2-seed' | 'pbes2-aes256' | 'pbes2-aes128'
  iterations: number
  hash: O.Hash
  salt?: Uint8Array
  iv?: Uint8Array
}

/** For storage here and for all programs of today: OpenSSL opens it, old programs of the field do not. */
export const MODERN: Encryption = { scheme: 'pbes2-aes256', iterations: 600_000, hash: 'SHA-256' }

/** What every program of the field reads. Weak by today's measure: say so to those who choose it. */
export const COMPATIBLE: Encryption = { scheme: 'seed15', iterations: 2048, hash: 'SHA-1' }

/** Bounds on the iterations: for writing, and for reading and writing. */
export const MIN_ITERATIONS = 1024
export const MAX_ITERATIONS = 10_000_000

/** Bounds a key file, encrypted or not, in bytes of DER. */
export const MAX_KEY_SIZE = 32 << 10

const MAX_SALT = 64
const SEED4_IV = '0123456789012345' // what programs of the field use with seed4

/** The ciphers within PBES2. */
const CIPHERS = { 'pbes2-seed': O.seedCbc, 'pbes2-aes128': O.aes128Cbc, 'pbes2-aes256': O.aes256Cbc }
type Pbes2 = keyof typeof CIPHERS

const isPbes2 = (scheme: Encryption['scheme']): scheme is Pbes2 => scheme in CIPHERS
const keySize = (e: Encryption): number => (e.scheme === 'pbes2-aes256' ? 32 : 16)

/** The same way of encrypting, with a salt and an IV still to be drawn. */
export const fresh = ({ scheme, iterations, hash }: Encryption): Encryption => ({ scheme, iterations, hash })

/** Whether it rests on SEED, SHA-1 or few iterations: read always, written only so that old programs can read it. */
export const isWeak = (e: Encryption): boolean =>
  !/aes/.test(e.scheme) || e.hash === 'SHA-1' || e.iterations < 100_000

/** Reads an AlgorithmIdentifier; `unsupported`, `iterations` or `format` when it is not one of these. */
export function readEncryption(n: Node): Encryption {
  const { oid: id, params } = readAlgorithm(n)
  if (id === O.pbeSeed || (id === O.seedCbc && params?.tag === 0x30)) {
    const f = fields(params ?? fail('format'))
    const salt = readSalt(f.take(4))
    const iterations = readIterations(f.take(2))
    f.end()
    return { scheme: id === O.pbeSeed ? 'seed15' : 'seed4', iterations, hash: 'SHA-1', salt }
  }
  return id === O.pbes2 ? readPbes2(params ?? fail('format')) : fail('unsupported')
}

function readPbes2(params: Node): Encryption {
  const f = fields(params)
  const kdf = readAlgorithm(f.take())
  const cipher = readAlgorithm(f.take())
  f.end()
  const scheme = O.keyOf(CIPHERS, cipher.oid)
  if (kdf.oid !== O.pbkdf2 || !scheme) return fail('unsupported')
  if (cipher.params?.tag !== 4 || cipher.params.value.length !== 16) fail('format')
  const k = fields(kdf.params ?? fail('format'))
  const e: Encryption = {
    scheme,
    salt: readSalt(k.take(4)),
    iterations: readIterations(k.take(2)),
    iv: copy(cipher.params!.value),
    hash: 'SHA-1',
  }
  const size = k.may(2)
  if (size && readInt(size) !== BigInt(keySize(e))) fail('format')
  const prf = k.may(0x30)
  k.end()
  if (prf) {
    const { oid: id, params } = readAlgorithm(prf)
    e.hash = O.keyOf(O.hmacs, id) ?? fail('unsupported')
    if (!noParams(params)) fail('format')
  }
  return e
}

function readSalt(n: Node): Bytes {
  const { length } = n.value
  return length && length <= MAX_SALT ? copy(n.value) : fail('format')
}

// The count is bounded before any work is done with it.
function readIterations(n: Node): number {
  const v = readInt(n)
  return v > 0n && v <= MAX_ITERATIONS ? Number(v) : fail('iterations')
}

/** The AlgorithmIdentifier that readEncryption reads; salt and IV must be there. */
export function writeEncryption(e: Encryption): Bytes {
  const salt = octets(e.salt!)
  const count = int(e.iterations)
  if (!isPbes2(e.scheme)) return algorithm(e.scheme === 'seed15' ? O.pbeSeed : O.seedCbc, seq(salt, count))
  const prf = e.hash === 'SHA-1' ? [] : [algorithm(O.hmacs[e.hash], nul())] // DER leaves the default out
  return seq(
    oid(O.pbes2),
    seq(algorithm(O.pbkdf2, seq(salt, count, ...prf)), algorithm(CIPHERS[e.scheme], octets(e.iv!))),
  )
}

/** Fills in the salt and the IV that are missing, and checks that this can be written. */
export function drawn(e: Encryption): Encryption {
  const two = isPbes2(e.scheme)
  if (!two && e.scheme !== 'seed15' && e.scheme !== 'seed4') fail('unsupported')
  if (!(Number.isInteger(e.iterations) && e.iterations >= MIN_ITERATIONS && e.iterations <= MAX_ITERATIONS)) fail('iterations')
  if (!O.hmacs[e.hash] || (!two && e.hash !== 'SHA-1')) fail('unsupported')
  const salt = e.salt ?? random(two ? 16 : 8)
  const out: Encryption = { ...fresh(e), salt }
  if (two) out.iv = e.iv ?? random(16)
  if (!salt.length || salt.length > MAX_SALT || (out.iv && out.iv.length !== 16)) fail('format')
  return out
}

async function derive(e: Encryption, password: Uint8Array): Promise<[key: Bytes, iv: Bytes]> {
  if (isPbes2(e.scheme)) return [await pbkdf2(password, e.salt!, e.iterations, e.hash, keySize(e)), copy(e.iv!)]
  const dk = await pbkdf1(password, e.salt!, e.iterations)
  return [dk.subarray(0, 16), e.scheme === 'seed4' ? encode(SEED4_IV) : sha1(dk.subarray(16)).subarray(0, 16)]
}

/** Runs the cipher of a scheme one way; the padding is PKCS#7. */
async function run(e: Encryption, password: Uint8Array, data: Uint8Array, decrypt: boolean): Promise<Bytes> {
  const [key, iv] = await derive(e, password)
  try {
    if (!/aes/.test(e.scheme)) return decrypt ? seedCbcDecrypt(key, iv, data) : seedCbcEncrypt(key, iv, data)
    const { subtle } = crypto
    const aes = await subtle.importKey('raw', key, 'AES-CBC', false, [decrypt ? 'decrypt' : 'encrypt'])
    const input = decrypt ? copy(data) : (data as Bytes)
    return new Uint8Array(await subtle[decrypt ? 'decrypt' : 'encrypt']({ name: 'AES-CBC', iv }, aes, input))
  } finally {
    wipe(key)
  }
}

/** Decrypts what an Encryption that was read describes. `wrong-password` when the padding is wrong, `format` when the size is. */
export async function decrypt(e: Encryption, password: Uint8Array, ciphertext: Uint8Array): Promise<Bytes> {
  if (!ciphertext.length || ciphertext.length % 16) fail('format')
  try {
    return await run(e, password, ciphertext, true)
  } catch (err) {
    // WebCrypto says no more than that it could not.
    return err instanceof DOMException ? fail('wrong-password') : Promise.reject(err)
  }
}

/** Encrypts; e must be drawn. */
export const encrypt = (e: Encryption, password: Uint8Array, plain: Uint8Array): Promise<Bytes> =>
  run(e, password, plain, false)

/** Reads EncryptedPrivateKeyInfo (RFC 5958) without a password. */
export function readEncrypted(der: Uint8Array): { encryption: Encryption; ciphertext: Bytes } {
  if (der.length > MAX_KEY_SIZE) fail('format')
  const f = fields(parse(der))
  const how = f.take()
  const ciphertext = f.take(4).value
  f.end()
  if (!ciphertext.length || ciphertext.length % 16) fail('format')
  return { encryption: readEncryption(how), ciphertext }
}

/**
 * Opens an EncryptedPrivateKeyInfo. Codes: `format`, `unsupported`,
 * `iterations`, `wrong-password`. Right padding is no proof of the right
 * password: the caller has to look at what came out.
 */
export async function open(der: Uint8Array, password: Uint8Array): Promise<{ plain: Bytes; encryption: Encryption }> {
  const { encryption, ciphertext } = readEncrypted(der)
  return { plain: await decrypt(encryption, password, ciphertext), encryption }
}

/** Writes an EncryptedPrivateKeyInfo. It does not judge the password. Codes: `iterations`, `unsupported`, `format`. */
export async function seal(plain: Uint8Array, password: Uint8Array, encryption: Encryption): Promise<Bytes> {
  const e = drawn(encryption)
  const der = seq(writeEncryption(e), octets(await encrypt(e, password, plain)))
  return der.length > MAX_KEY_SIZE ? fail('format') : der
}
