// PFX, also called PKCS#12 (RFC 7292): a certificate and its key in one file
// under a password, as browsers and systems exchange them.

import { type Bytes, copy, equal, random, wipe } from '../asn1/bytes'
import { ctx, expect, fields, implicit, inner, int, type Node, octets, oid, parse, readOctets, readOid, readSmall, readString, seq, set, setOf, tlv } from '../asn1/der'
import { data, encryptedData } from '../asn1/oid'
import { drawn, encrypt, type Encryption, MODERN, writeEncryption } from '../crypto/pbes'
import { sha1 } from '../crypto/sha1'
import { fail } from '../error'
import { type PrivateKey, publicKeyOf, readPrivateKey, wipe as wipeKey } from '../npki/key'
import { type Certificate, readCertificate } from '../x509/certificate'
import { bmp } from './kdf'
import { checkMac, writeMac } from './mac'
import { decryptWith, type Secret, secretOf } from './pbe'

/** A key with R and all else it carries, its certificate, and the CA certificates above it, nearest first. */
export interface PfxEntry {
  key: PrivateKey
  certificate: Bytes
  chain: Bytes[]
  /** The friendly name. */
  name?: string
}

/** Bounds on a file from outside. */
export const MAX_PFX = 1 << 20
const MAX_BAGS = 256
const MAX_NAME = 256 // characters

const BAG = '1.2.840.113549.1.12.10.1.'
const X509 = '1.2.840.113549.1.9.22.1'
const FRIENDLY_NAME = '1.2.840.113549.1.9.20'
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21'

interface Labels {
  id?: Bytes
  name?: string
}

interface Content {
  bags: number
  keys: (Labels & { key: PrivateKey })[]
  certificates: (Labels & { certificate: Certificate })[]
}

/**
 * Opens a PFX, DER or BER, after its MAC has shown that the password is right
 * and nothing was changed. Certificates without their key come as chains only.
 * Wipe the keys when you are done with them.
 *
 * Reads PBES2 and PBES1 as key files have them (AES, SEED), triple DES and RC2.
 * Errors: wrong-password, iterations, unsupported (also: no MAC), format,
 * too-large, not-found (no key with its certificate in it).
 */
export async function readPfx(file: Uint8Array, password: string): Promise<PfxEntry[]> {
  if (file.length > MAX_PFX) fail('too-large')
  const f = fields(parse(file, { ber: true }))
  if (readSmall(f.take(2)) !== 3) fail('unsupported')
  const safe = contentOf(f.take(0x30))
  const mac = f.may(0x30) ?? fail('unsupported')
  f.end()
  const content = safe.oid === data ? readOctets(safe.value) : fail('unsupported')
  const secret = secretOf(password)
  const found: Content = { bags: 0, keys: [], certificates: [] }
  try {
    checkMac(mac, secret, content)
    for (const part of expect(parse(content, { ber: true }), 0x30).children()) await readPart(part, secret, found)
    const entries = pair(found)
    return entries.length ? entries : fail('not-found')
  } catch (err) {
    for (const { key } of found.keys) wipeKey(key)
    throw err
  } finally {
    wipe(secret.utf8, secret.bmp)
  }
}

/** ContentInfo: its type and what its [0] holds. */
function contentOf(n: Node): { oid: string; value: Node } {
  const f = fields(n)
  const type = readOid(f.take(6))
  const value = inner(f.take(0xa0))
  f.end()
  return { oid: type, value }
}

async function readPart(part: Node, s: Secret, found: Content): Promise<void> {
  const { oid: type, value } = contentOf(part)
  if (type === data) return readBags(parse(readOctets(value), { ber: true }), s, found)
  if (type !== encryptedData) fail('unsupported')
  const f = fields(value)
  f.take(2)
  const e = fields(f.take(0x30))
  e.take(6)
  const algorithm = e.take(0x30)
  const encrypted = readOctets(e.may(0x80) ?? e.take(0xa0))
  const plain = await decryptWith(algorithm, s, encrypted)
  try {
    await readBags(parse(plain, { ber: true }), s, found)
  } finally {
    wipe(plain)
  }
}

async function readBags(list: Node, s: Secret, found: Content): Promise<void> {
  for (const bag of expect(list, 0x30).children()) {
    if (++found.bags > MAX_BAGS) fail('too-large')
    const f = fields(bag)
    const type = readOid(f.take(6)).split(BAG)[1]
    const value = inner(f.take(0xa0))
    const labels = readLabels(f.may(0x31)?.children() ?? [])
    f.end()
    if (type === '1') found.keys.push({ key: readPrivateKey(value.raw), ...labels })
    if (type === '2') found.keys.push({ key: await openKey(value, s), ...labels })
    if (type === '3') {
      const c = fields(value)
      if (readOid(c.take(6)) !== X509) continue
      found.certificates.push({ certificate: readCertificate(copy(readOctets(inner(c.take(0xa0))))), ...labels })
    }
    if (type === '6') await readBags(value, s, found)
  }
}

async function openKey(n: Node, s: Secret): Promise<PrivateKey> {
  const f = fields(n)
  const algorithm = f.take(0x30)
  const plain = await decryptWith(algorithm, s, readOctets(f.take()))
  try {
    return readPrivateKey(plain)
  } finally {
    wipe(plain)
  }
}

function readLabels(attributes: Node[]): Labels {
  const out: Labels = {}
  for (const a of attributes) {
    const f = fields(a)
    const type = readOid(f.take(6))
    const [value] = f.take(0x31).children()
    if (type === LOCAL_KEY_ID && value) out.id = copy(readOctets(value))
    if (type === FRIENDLY_NAME && value) out.name = readString(value).slice(0, MAX_NAME)
  }
  return out
}

/** Puts together what has the same public key; the local key ID only says which of several certificates is meant. */
function pair({ keys, certificates }: Content): PfxEntry[] {
  return keys.flatMap((k) => {
    const spki = publicKeyOf(k.key.pkcs8)
    const own = certificates.filter((c) => equal(c.certificate.spki, spki))
    const best = own.find((c) => k.id && c.id && equal(c.id, k.id)) ?? own[0]
    if (!best) {
      wipeKey(k.key)
      return []
    }
    const name = k.name ?? best.name
    const chain = chainOf(best.certificate, certificates.map((c) => c.certificate))
    return { key: k.key, certificate: best.certificate.der, chain, ...(name && { name }) }
  })
}

/** The issuers of a certificate by their names, as far as they are there. */
function chainOf(certificate: Certificate, all: Certificate[]): Bytes[] {
  const chain = [certificate]
  for (;;) {
    const last = chain[chain.length - 1]!
    const next = all.find((c) => equal(c.rawSubject, last.rawIssuer) && !chain.some((x) => equal(x.der, c.der)))
    if (!next || equal(last.rawSubject, last.rawIssuer)) return chain.slice(1).map((c) => c.der)
    chain.push(next)
  }
}

/**
 * Writes a PFX: key (with R in its attributes) and certificates under PBES2
 * with AES-256, HMAC-SHA256 over all of it. OpenSSL 1.1 and later, Windows 10
 * and later, and Java open it. It does not judge the password.
 *
 * @param o how it is encrypted, MODERN unless given; only its iterations and
 *   hash count. The MAC takes as many iterations: with fewer it would be the
 *   quicker way to guess the password.
 * Errors: key-mismatch when the certificate is for another key.
 */
export async function writePfx(entry: PfxEntry, password: string, o: Encryption = MODERN): Promise<Bytes> {
  const { key, chain, name } = entry
  const own = readCertificate(entry.certificate)
  if (!equal(publicKeyOf(key.pkcs8), own.spki)) fail('key-mismatch')
  const s = secretOf(password)
  const seal = async (plain: Bytes): Promise<[algorithm: Bytes, ciphertext: Bytes]> => {
    const e = drawn({ ...MODERN, iterations: o.iterations, hash: o.hash })
    return [writeEncryption(e), await encrypt(e, s.utf8, plain)]
  }
  const labels = writeLabels(own.ski ?? sha1(own.der), name)
  const bag = (type: number, value: Bytes, ...attributes: Bytes[]) => seq(oid(BAG + type), ctx(0, value), ...attributes)
  const certificate = (der: Uint8Array, ...attributes: Bytes[]) => bag(3, seq(oid(X509), ctx(0, octets(der))), ...attributes)
  try {
    const [keyAlgorithm, sealedKey] = await seal(key.pkcs8)
    const [algorithm, sealed] = await seal(seq(certificate(own.der, labels), ...chain.map((c) => certificate(readCertificate(c).der))))
    const certificates = seq(int(0), seq(oid(data), algorithm, implicit(0, false, sealed)))
    const content = seq(
      seq(oid(encryptedData), ctx(0, certificates)),
      seq(oid(data), ctx(0, octets(seq(bag(2, seq(keyAlgorithm, octets(sealedKey)), labels))))),
    )
    const salt = random(16)
    return seq(int(3), seq(oid(data), ctx(0, octets(content))), writeMac(s.bmp, salt, o.iterations, content))
  } finally {
    wipe(s.utf8, s.bmp)
  }
}

function writeLabels(id: Uint8Array, name?: string): Bytes {
  const label = (type: string, value: Bytes) => seq(oid(type), set(value))
  const friendly = name ? [label(FRIENDLY_NAME, tlv(30, bmp(name).subarray(0, -2)))] : []
  return setOf(...friendly, label(LOCAL_KEY_ID, octets(id)))
}
