// PFX, also called PKCS#12 (RFC 7292): a certificate and its key in one file
// under a password, as browsers and systems exchange them.

import { type Bytes, concat, copy, equal, wipe } from '../asn1/bytes'
import {
  ctx, expect, fields, implicit, inner, int, type Node, octets, oid, parse, readBits, readOid, readSmall, readString, seq, set, setOf, tlv,
} from '../asn1/der'
import { data, encryptedData } from '../asn1/oid'
import { parseBer } from '../cms/ber'
import { drawn, encrypt, MODERN, writeEncryption } from '../crypto/pbes'
import { sha1 } from '../crypto/sha1'
import { fail, WalletError } from '../error'
import { type PrivateKey, publicKeyOf, readPrivateKey, wipe as wipeKey } from '../npki/key'
import { type Certificate, readCertificate } from '../x509/certificate'
import { bmp } from './kdf'
import { checkMac, writeMac } from './mac'
import { encryptWith3Des, opened, type Secret, secretOf } from './pbe'

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
const MAX_PARTS = 64
const MAX_BAGS = 256
const MAX_NAME = 256 // characters

const COMPATIBLE_ITERATIONS = 2048

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
  /** Why a key was passed over. */
  skipped?: unknown
  keys: (Labels & { key: PrivateKey })[]
  certificates: (Labels & { certificate: Certificate })[]
}

/**
 * Opens a PFX, DER or BER, after its MAC has shown that the password is right
 * and nothing was changed. Certificates without their key come as chains only.
 * Wipe the keys when you are done with them.
 *
 * Reads triple DES and RC2 of PKCS#12, and what key files have: AES, SEED.
 * Errors: wrong-password, iterations, unsupported (also: no MAC, no key but
 * such as are not RSA), format (also: changed since it was written), too-large,
 * not-found (no key with its certificate in it).
 */
export async function readPfx(file: Uint8Array, password: string): Promise<PfxEntry[]> {
  if (file.length > MAX_PFX) fail('too-large')
  const f = fields(parseBer(file))
  if (readSmall(f.take(2)) !== 3) fail('unsupported')
  const safe = contentOf(f.take(0x30))
  const mac = f.may(0x30) ?? fail('unsupported')
  f.end()
  const content = safe.oid === data ? expect(safe.value, 4).value : fail('unsupported')
  const secret = secretOf(password)
  const found: Content = { bags: 0, keys: [], certificates: [] }
  try {
    const right = await checkMac(mac, secret, content)
    if (!right) await tell(content, secret, found)
    await readParts(content, secret, found)
    const entries = pair(found)
    if (!entries.length) throw found.skipped ?? new WalletError('not-found')
    return entries
  } catch (err) {
    for (const { key } of found.keys) wipeKey(key)
    throw err
  } finally {
    wipe(secret.utf8, secret.bmp)
  }
}

/** Tells a wrong password from a file that was changed; nothing else is done with what nobody vouches for. */
async function tell(content: Bytes, s: Secret, found: Content): Promise<never> {
  try {
    await readParts(content, s, found)
  } catch (err) {
    if (!(err instanceof WalletError) || err.code === 'iterations') throw err
  }
  return fail(s.opened ? 'format' : 'wrong-password')
}

/** ContentInfo: its type and what its [0] holds. */
function contentOf(n: Node): { oid: string; value: Node } {
  const f = fields(n)
  const type = readOid(f.take(6))
  const value = inner(f.take(0xa0))
  f.end()
  return { oid: type, value }
}

async function readParts(content: Bytes, s: Secret, found: Content): Promise<void> {
  const parts = expect(parseBer(content), 0x30).children()
  if (parts.length > MAX_PARTS) fail('too-large')
  for (const part of parts) {
    const { oid: type, value } = contentOf(part)
    if (type === data) {
      await readBags(parseBer(expect(value, 4).value), s, found)
      continue
    }
    if (type !== encryptedData) fail('unsupported')
    const f = fields(value)
    f.take(2)
    const e = fields(f.take(0x30))
    e.take(6)
    const algorithm = e.take(0x30)
    // BER may have cut it into pieces, which the implicit tag hides.
    const sealed = e.may(0x80)?.value ?? concat(...e.take(0xa0).children().map((c) => expect(c, 4).value))
    await opened(algorithm, s, sealed, (n) => readBags(n, s, found))
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
    if (type === '1') addKey(value, labels, found)
    if (type === '2') {
      const e = fields(value)
      await opened(e.take(0x30), s, e.take(4).value, (n) => addKey(n, labels, found))
    }
    if (type === '3') addCertificate(value, labels, found)
    if (type === '6') await readBags(value, s, found)
  }
}

/** Keeps a key, or why it can't be kept. */
function addKey(n: Node, labels: Labels, found: Content): void {
  try {
    found.keys.push({ key: readPrivateKey(n.raw), ...labels })
  } catch (err) {
    found.skipped = err instanceof WalletError ? new WalletError('unsupported') : err
  }
}

/** What is no X.509 certificate that can be read is passed over. */
function addCertificate(n: Node, labels: Labels, found: Content): void {
  const f = fields(n)
  const type = readOid(f.take(6))
  const der = inner(f.take(0xa0))
  if (type !== X509) return
  try {
    found.certificates.push({ certificate: readCertificate(copy(expect(der, 4).value)), ...labels })
  } catch (err) {
    if (!(err instanceof WalletError)) throw err
  }
}

function readLabels(attributes: Node[]): Labels {
  const out: Labels = {}
  for (const a of attributes) {
    const f = fields(a)
    const type = readOid(f.take(6))
    const [value] = f.take(0x31).children()
    if (type === LOCAL_KEY_ID && value) out.id = copy(value.value)
    if (type === FRIENDLY_NAME && value) out.name = readString(value).slice(0, MAX_NAME)
  }
  return out
}

/**
 * Puts together what has the same public key. Of several certificates for a
 * key it is the one that the file ties to it, else the one that lasts longest.
 */
function pair({ keys, certificates }: Content): PfxEntry[] {
  return keys.flatMap((k) => {
    const spki = publicKeyOf(k.key.pkcs8)
    const tied = (c: Labels) => !!k.id && !!c.id && equal(c.id, k.id)
    const [best] = certificates
      .filter((c) => equal(c.certificate.spki, spki))
      .sort((a, b) => +tied(b) - +tied(a) || +b.certificate.notAfter - +a.certificate.notAfter)
    if (!best) {
      wipeKey(k.key)
      return []
    }
    const name = k.name || best.name
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

/** In which form a PFX is written. */
export interface PfxOptions {
  /**
   * The form that old programs and those of the field read: certificates in
   * clear, triple DES for the key, HMAC-SHA1, 2,048 iterations. Weak by today's
   * measure: say so to those who choose it.
   */
  compatible?: boolean
  /** Iterations of the form of today, unless MODERN's. */
  iterations?: number
}

/**
 * Writes a PFX: key (with R in its attributes) and certificates under PBES2
 * with AES-256, HMAC-SHA256 over all of it. The MAC takes as many iterations
 * as the encryption: with fewer it would be where guessing begins. It does not
 * judge the password.
 *
 * Errors: key-mismatch when the certificate is for another key, iterations,
 * format, too-large.
 */
export async function writePfx(entry: PfxEntry, password: string, o: PfxOptions = {}): Promise<Bytes> {
  const { key, chain, name } = entry
  const own = readCertificate(entry.certificate)
  if (!equal(publicKeyOf(key.pkcs8), own.spki)) fail('key-mismatch')
  if (chain.length >= MAX_BAGS - 1) fail('too-large')
  const { compatible } = o
  const iterations = compatible ? COMPATIBLE_ITERATIONS : (o.iterations ?? MODERN.iterations)
  const s = secretOf(password)
  const seal = async (plain: Bytes): Promise<[algorithm: Bytes, ciphertext: Bytes]> => {
    if (compatible) return encryptWith3Des(s, iterations, plain)
    const e = drawn({ ...MODERN, iterations })
    return [writeEncryption(e), await encrypt(e, s.utf8, plain)]
  }
  const labels = writeLabels(own, name)
  const certificates = [certBag(own.der, labels), ...chain.map((c) => certBag(readCertificate(c).der))]
  try {
    const [algorithm, sealed] = await seal(key.pkcs8)
    const keyBag = bag(2, seq(algorithm, octets(sealed)), labels)
    // The compatible form has all in one part, as the field writes it.
    const content = compatible ? seq(part(...certificates, keyBag)) : seq(sealedPart(...(await seal(seq(...certificates)))), part(keyBag))
    const mac = await writeMac(compatible ? 'SHA-1' : 'SHA-256', s.bmp, iterations, content)
    const out = seq(int(3), seq(oid(data), ctx(0, octets(content))), mac)
    return out.length > MAX_PFX ? fail('too-large') : out
  } finally {
    wipe(s.utf8, s.bmp)
  }
}

const bag = (type: number, value: Bytes, ...attributes: Bytes[]) => seq(oid(BAG + type), ctx(0, value), ...attributes)
const certBag = (der: Bytes, ...attributes: Bytes[]) => bag(3, seq(oid(X509), ctx(0, octets(der))), ...attributes)
const part = (...bags: Bytes[]) => seq(oid(data), ctx(0, octets(seq(...bags))))
const sealedPart = (algorithm: Bytes, sealed: Bytes) =>
  seq(oid(encryptedData), ctx(0, seq(int(0), seq(oid(data), algorithm, implicit(0, false, sealed)))))

/** The friendly name, and what ties key to certificate: its key identifier, as the field has it. */
function writeLabels({ ski, spki }: Certificate, name?: string): Bytes {
  const label = (type: string, value: Bytes) => seq(oid(type), set(value))
  const id = ski ?? sha1(readBits(parse(spki).children()[1]!))
  const friendly = name ? [label(FRIENDLY_NAME, tlv(30, bmp(name).subarray(0, -2)))] : []
  return setOf(...friendly, label(LOCAL_KEY_ID, octets(id)))
}
