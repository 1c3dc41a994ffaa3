import { type Bytes, encode, random, wipe } from '../asn1/bytes'
import { algorithm, expect, fields, int, type Node, octets, readAlgorithm, readInt, seq } from '../asn1/der'
import { parseBer } from '../cms/ber'
import { decrypt, MAX_ITERATIONS, readEncryption } from '../crypto/pbes'
import { fail, WalletError } from '../error'
import { type Block, decryptCbc, encryptCbc } from './cbc'
import { tripleDes } from './des'
import { bmp, derive, FOR_IV, FOR_KEY } from './kdf'
import { rc2 } from './rc2'

/** What opens a file: the password in its two forms, and the iterations that may still be spent on it. */
export interface Secret {
  utf8: Bytes
  /** UTF-16 with a zero at its end; an empty password is also found as no bytes at all. */
  bmp: Bytes
  left: number
  /** Some part came out as what it should be: the password is right. */
  opened: boolean
}

export const secretOf = (password: string): Secret => ({ utf8: encode(password), bmp: bmp(password), left: MAX_ITERATIONS, opened: false })

/** Takes iterations off what is left: all parts of a file together must not keep one busy for long. */
export function spend(s: Secret, iterations: number | bigint): number {
  const n = Number(iterations)
  if (!(n > 0 && n <= s.left)) fail('iterations')
  s.left -= n
  return n
}

/** PKCS#12's own schemes (RFC 7292 appendix C) by their last number: cipher and size of the key. */
const SCHEMES: Record<string, [(key: Uint8Array) => Block, number]> = {
  3: [tripleDes, 24],
  4: [tripleDes, 16],
  5: [rc2, 16],
  6: [rc2, 5],
}
const ARC = '1.2.840.113549.1.12.1.'
const MAX_SALT = 1024

/** A salt within bounds. */
export const readSalt = (n: Node): Bytes => (n.value.length && n.value.length <= MAX_SALT ? n.value : fail('format'))

/**
 * Opens what an AlgorithmIdentifier and a ciphertext hold, by PKCS#12's own
 * schemes or those of key files, and hands it to `use`: one SEQUENCE, else it
 * was the wrong password. It is wiped afterwards.
 */
export async function opened<T>(how: Node, s: Secret, data: Bytes, use: (n: Node) => T): Promise<Awaited<T>> {
  const plain = await decryptWith(how, s, data)
  try {
    let n
    try {
      n = expect(parseBer(plain), 0x30)
    } catch (err) {
      throw err instanceof WalletError ? new WalletError('wrong-password') : err
    }
    s.opened = true
    return await use(n)
  } finally {
    wipe(plain)
  }
}

async function decryptWith(how: Node, s: Secret, data: Bytes): Promise<Bytes> {
  const { oid, params } = readAlgorithm(how)
  if (!oid.startsWith(ARC)) {
    const e = readEncryption(how)
    spend(s, e.iterations)
    return decrypt(e, s.utf8, data)
  }
  const [cipher, size] = SCHEMES[oid.slice(ARC.length)] ?? fail('unsupported')
  const f = fields(params ?? fail('format'))
  const salt = readSalt(f.take(4))
  const count = spend(s, readInt(f.take(2)))
  f.end()
  const key = await derive('SHA-1', s.bmp, salt, count, FOR_KEY, size)
  const iv = await derive('SHA-1', s.bmp, salt, count, FOR_IV, 8)
  try {
    return decryptCbc(cipher(key), iv, data)
  } finally {
    wipe(key)
  }
}

/** Encrypts with triple DES, for programs that read nothing else: AlgorithmIdentifier and ciphertext. */
export async function encryptWith3Des(s: Secret, iterations: number, plain: Bytes): Promise<[algorithm: Bytes, ciphertext: Bytes]> {
  const salt = random(8)
  const key = await derive('SHA-1', s.bmp, salt, iterations, FOR_KEY, 24)
  const iv = await derive('SHA-1', s.bmp, salt, iterations, FOR_IV, 8)
  const out = encryptCbc(tripleDes(key, true), iv, plain)
  wipe(key)
  return [algorithm(ARC + '3', seq(octets(salt), int(iterations))), out]
}
