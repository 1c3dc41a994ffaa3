import { type Bytes, copy, equal, unpem } from '../asn1/bytes'
import {
  bad, expect, type Fields, fields, inner, noParams, type Node, parse, readAlgorithm, readOid, readSmall, setOf, tlv,
} from '../asn1/der'
import { data, type Hash, keyOf, rsaEncryption, sha256WithRsa, sha384WithRsa, sha512WithRsa, signedData } from '../asn1/oid'
import { fail, WalletError } from '../error'
import { type Certificate, readCertificate } from '../x509/certificate'
import { type Attributes, MAX_CERTIFICATES, MAX_SIGNERS, names, readAttributes, readHash } from './attributes'
import { parseBer } from './ber'

/** Who signed. Whether the certificate may be trusted is not said here. */
export interface Signer {
  certificate: Certificate
  hash: Hash
  /** SHA-1: the signature proves nothing any more. */
  weak: boolean
  /** Whether there were signed attributes. */
  attributes: boolean
  /** Whether the attributes name the certificate by its hash. */
  bound: boolean
  /** The signer's word, no proof. */
  signingTime?: Date
}

interface SignerInfo {
  find(c: Certificate): boolean
  hash: Hash
  attributes?: Attributes
  /** What the signature is over, when there are attributes: as sent, and sorted as DER has them. */
  signed: Bytes[]
  value: Bytes
}

interface Message {
  type: string
  content?: Bytes
  certificates: Certificate[]
  signers: SignerInfo[]
}

const SCHEMES: Record<Hash, string> = {
  'SHA-1': '1.2.840.113549.1.1.5',
  'SHA-256': sha256WithRsa,
  'SHA-384': sha384WithRsa,
  'SHA-512': sha512WithRsa,
}

const MIN_BITS = 2048

/** The content that a message carries; undefined when it is detached. Verifies nothing. */
export const contentOf = (message: Uint8Array): Bytes | undefined => read(message).content

/**
 * Verifies all signatures of a PKCS#7/CMS SignedData, DER, BER or PEM, over RSA
 * PKCS#1 v1.5. Only the mathematics: no path, no revocation, no validity.
 *
 * @param content needed when the message is detached; else it must be what is inside.
 * Errors: signature, digest (other content), no-content, not-found (the
 * signer's certificate is not in the message), unsupported, format, too-large.
 */
export async function verify(message: Uint8Array, content?: Uint8Array): Promise<Signer[]> {
  const m = read(message)
  if (content && m.content && !equal(content, m.content)) fail('digest')
  const bytes = copy(m.content ?? content ?? fail('no-content'))
  if (!m.signers.length) fail('signature')
  const out: Signer[] = []
  for (const s of m.signers) out.push(await verifySigner(s, m, bytes))
  return out
}

async function verifySigner(s: SignerInfo, m: Message, content: Bytes): Promise<Signer> {
  const certificate = m.certificates.find((c) => s.find(c)) ?? fail('not-found')
  const { hash, attributes: a } = s
  if (a) {
    if (a.contentType !== m.type) bad()
    if (!equal(a.messageDigest, new Uint8Array(await crypto.subtle.digest(hash, content)))) fail('digest')
    if (!(await names(a, certificate.der))) fail('signature')
  } else if (m.type !== data || isAttributes(content)) bad()
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash }
  const key = await crypto.subtle.importKey('spki', copy(certificate.spki), algorithm, true, ['verify']).catch(() => fail('unsupported'))
  if ((key.algorithm as RsaHashedKeyAlgorithm).modulusLength < MIN_BITS) fail('unsupported')
  for (const over of a ? s.signed : [content]) {
    if (!(await crypto.subtle.verify(algorithm, key, copy(s.value), over))) continue
    const signer: Signer = { certificate, hash, weak: hash === 'SHA-1', attributes: !!a, bound: !!a?.certificate }
    if (a?.signingTime) signer.signingTime = a.signingTime
    return signer
  }
  return fail('signature')
}

/**
 * Whether content is itself a set of signed attributes. A signature over
 * attributes is also one over a message with them as its content: without this
 * look it could be passed off as one over a text that nobody signed.
 */
function isAttributes(content: Bytes): boolean {
  try {
    return !!readAttributes(expect(parse(content), 0x31).children())
  } catch {
    return false
  }
}

/** Reads ContentInfo, or SignedData without it, as some programs of the field write. */
function read(message: Uint8Array): Message {
  const outer = parseBer(unpem(message))
  const f = fields(outer)
  const type = f.may(6)
  if (!type) return readSigned(outer, true)
  if (readOid(type) !== signedData) fail('unsupported')
  const signed = inner(f.take(0xa0))
  f.end()
  return readSigned(signed, false)
}

function readSigned(n: Node, bare: boolean): Message {
  const f = fields(n)
  if (readSmall(f.take(2)) > 5) bad()
  f.take(0x31)
  const out: Message = { ...readContent(fields(f.take(0x30))), certificates: [], signers: [] }
  const certificates = (f.may(0xa0)?.children() ?? []).filter((c) => c.tag === 0x30)
  f.may(0xa1)
  const signers = f.take(0x31).children()
  f.end()
  if (certificates.length > MAX_CERTIFICATES || signers.length > MAX_SIGNERS) fail('too-large')
  out.certificates = certificates.map((c) => readCertificate(c.raw))
  out.signers = signers.map((s) => readSigner(fields(s), bare))
  return out
}

function readContent(f: Fields): { type: string; content?: Bytes } {
  const type = readOid(f.take(6))
  const explicit = f.may(0xa0)
  f.end()
  if (!explicit) return { type }
  const value = inner(explicit)
  if (type === data) expect(value, 4)
  // PKCS#7 allows content of any type; its value is signed without its header.
  return { type, content: value.value }
}

function readSigner(f: Fields, bare: boolean): SignerInfo {
  if (readSmall(f.take(2)) > 5) bad()
  const find = readIdentifier(f, bare)
  const hash = readHash(f.take(0x30))
  const set = f.may(0xa0)
  const { oid, params } = readAlgorithm(f.take(0x30))
  const value = f.take(4).value
  f.may(0xa1)
  f.end()
  if (!noParams(params) || (oid !== rsaEncryption && keyOf(SCHEMES, oid) !== hash)) throw new WalletError('unsupported')
  if (!set) return { find, hash, value, signed: [] }
  const list = set.children()
  const attributes = readAttributes(list) // which bounds them
  // The signature is over the SET OF, not over the [0] it travels in.
  const signed = [tlv(0x31, set.value), setOf(...list.map((a) => a.raw))]
  return { find, hash, value, signed, attributes }
}

/** What names the certificate: issuer and serial, or the key's identifier. */
function readIdentifier(f: Fields, bare: boolean): (c: Certificate) => boolean {
  const id = f.may(0x80)?.value
  if (id) return (c) => !!c.ski && !!id.length && equal(id, c.ski)
  const name = fields(f.take(0x30))
  const issuer = name.take(0x30).raw
  const serial = name.take(2).value
  name.end()
  // KOSCOM's bare form puts the signer's own subject where the issuer belongs.
  return (c) => equal(serial, c.rawSerial) && (equal(issuer, c.rawIssuer) || (bare && equal(issuer, c.rawSubject)))
}
