import { type Bytes, copy, unpem } from '../asn1/bytes'
import { algorithm, ctx, expect, implicit, int, MAX_SIZE, nul, octets, oid, parse, seq, set, setOf, time, tlv } from '../asn1/der'
import { contentType, data, messageDigest, rsaEncryption, sha256, signedData, signingTime } from '../asn1/oid'
import { fail } from '../error'
import { type Certificate, readCertificate } from '../x509/certificate'
import { MAX_CERTIFICATES, signingCertificateV2 } from './attributes'

/** What form a signature takes. Without any: what banks and logins of the field use. */
export interface SignOptions {
  /** Leaves the content out of the message. */
  detached?: boolean
  /** Adds contentType, messageDigest, signingTime and signing-certificate-v2 (RFC 5652 §11, RFC 5035). */
  attributes?: boolean
  /** The time that the attributes tell, to the second; now unless given. */
  signingTime?: Date
  /** Certificates that go along, in this order, before the signer's own. */
  chain?: Uint8Array[]
}

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const digest = async (b: Uint8Array) => new Uint8Array(await crypto.subtle.digest('SHA-256', copy(b)))

/**
 * Signs content as PKCS#7/CMS SignedData: RSA PKCS#1 v1.5 with SHA-256, DER.
 * Attached and without attributes, the bytes are those of
 * `openssl smime -sign -binary -nodetach -noattr -md sha256 -outform DER`.
 *
 * Errors: key-mismatch when the certificate is for another key, too-large for
 * attached content of over 32 MiB (sign it detached), format, unsupported.
 */
export async function sign(content: Uint8Array, certificate: Uint8Array, key: CryptoKey, o: SignOptions = {}): Promise<Bytes> {
  if (!o.detached && content.length > MAX_SIZE / 2) fail('too-large')
  const chain = (o.chain ?? []).map((c) => expect(parse(unpem(c)), 0x30).raw)
  if (chain.length >= MAX_CERTIFICATES) fail('too-large')
  const own = readCertificate(certificate)
  const serial = tlv(2, own.rawSerial)
  const hash = algorithm(sha256, nul())
  const attributes = o.attributes
    ? setOf(
        attribute(contentType, oid(data)),
        attribute(messageDigest, octets(await digest(content))),
        attribute(signingTime, time(o.signingTime ?? new Date())),
        attribute(signingCertificateV2, seq(seq(seq(octets(await digest(own.der)), seq(seq(ctx(4, own.rawIssuer)), serial))))),
      )
    : undefined
  const value = await signBytes(attributes ?? content, own, key)
  const signer = seq(
    int(1),
    seq(own.rawIssuer, serial),
    hash,
    ...(attributes ? [tlv(0xa0, parse(attributes).value)] : []),
    algorithm(rsaEncryption, nul()),
    octets(value),
  )
  return seq(
    oid(signedData),
    ctx(
      0,
      seq(
        int(1),
        set(hash),
        seq(oid(data), ...(o.detached ? [] : [ctx(0, octets(content))])),
        implicit(0, true, ...chain, own.der),
        set(signer),
      ),
    ),
  )
}

const attribute = (type: string, value: Uint8Array): Bytes => seq(oid(type), set(value))

/** Signs, and checks with the certificate: a message nobody can verify never leaves. */
async function signBytes(message: Uint8Array, certificate: Certificate, key: CryptoKey): Promise<Bytes> {
  const bytes = copy(message)
  const value = new Uint8Array(await crypto.subtle.sign(ALGORITHM, key, bytes))
  const own = await crypto.subtle
    .importKey('spki', copy(certificate.spki), ALGORITHM, false, ['verify'])
    .catch(() => fail('unsupported'))
  return (await crypto.subtle.verify(ALGORITHM, own, value, bytes)) ? value : fail('key-mismatch')
}
