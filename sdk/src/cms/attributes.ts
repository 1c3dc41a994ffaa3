// Signed attributes of a SignerInfo (RFC 5652 §5.3, §11).

import { type Bytes, copy, equal } from '../asn1/bytes'
import { bad, expect, fields, noParams, type Node, readAlgorithm, readOid, readTime } from '../asn1/der'
import { contentType, type Hash, hashes, keyOf, messageDigest, signingTime } from '../asn1/oid'
import { fail } from '../error'

export const signingCertificate = '1.2.840.113549.1.9.16.2.12'
export const signingCertificateV2 = '1.2.840.113549.1.9.16.2.47'

/** Bounds on messages from outside. */
export const MAX_CERTIFICATES = 64
export const MAX_SIGNERS = 16
const MAX_ATTRIBUTES = 64

export interface Attributes {
  contentType: string
  messageDigest: Bytes
  signingTime?: Date
  /** The hash by which they name the signer's certificate. */
  certificate?: { hash: Hash; value: Bytes }
}

/** The hash that a digestAlgorithm names. */
export function readHash(n: Node): Hash {
  const { oid, params } = readAlgorithm(n)
  return (noParams(params) && keyOf(hashes, oid)) || fail('unsupported')
}

/** Reads attributes, each of which stands once; contentType and messageDigest must be there. */
export function readAttributes(list: Node[]): Attributes {
  if (list.length > MAX_ATTRIBUTES) bad()
  const found = new Map<string, Node>()
  for (const one of list) {
    const f = fields(one)
    const type = readOid(f.take(6))
    const values = f.take(0x31).children()
    f.end()
    if (found.has(type) || (READ.includes(type) && values.length !== 1)) bad()
    if (values[0]) found.set(type, values[0])
  }
  const [type, digest, time, v1, v2] = READ.map((t) => found.get(t))
  const out: Attributes = { contentType: readOid(expect(type, 6)), messageDigest: expect(digest, 4).value }
  if (time) out.signingTime = readTime(time)
  const named = v2 ?? v1
  if (named) out.certificate = readCertificateHash(named, v2 ? 'SHA-256' : 'SHA-1')
  return out
}

const READ = [contentType, messageDigest, signingTime, signingCertificate, signingCertificateV2]

/** The first ESSCertID, which names the signer's own certificate (RFC 5035 §5.4). */
function readCertificateHash(n: Node, hash: Hash): { hash: Hash; value: Bytes } {
  const id = fields(fields(fields(n).take(0x30)).take(0x30))
  const named = hash === 'SHA-256' && id.may(0x30)
  return { hash: named ? readHash(named) : hash, value: id.take(4).value }
}

/** Whether the attributes name this certificate, or none at all. */
export const names = async (a: Attributes, certificate: Bytes): Promise<boolean> =>
  !a.certificate || equal(a.certificate.value, new Uint8Array(await crypto.subtle.digest(a.certificate.hash, copy(certificate))))
