// X.509 certificates (RFC 5280) as the wallet needs them: to be shown, sorted
// and matched with a key. Whether one may be trusted is the server's to say.

import { type Bytes, copy, hex, unpem } from '../asn1/bytes'
import { type Node, bad, expect, fields, inner, parse, readBits, readInt, readOid, readString, readTime } from '../asn1/der'
import * as O from '../asn1/oid'
import { type Name, commonName, nameString, parseName } from '../npki/name'

/** What a certificate says. */
export interface Certificate {
  der: Bytes
  /** Lower-case hex of whole bytes, and the content of the INTEGER. */
  serial: string
  rawSerial: Bytes
  /** Folder form, `cn=…,ou=…,o=…,c=kr`. */
  issuer: string
  subject: string
  /** DER. */
  rawIssuer: Bytes
  rawSubject: Bytes
  issuerName: Name
  subjectName: Name
  /** The common name of the subject. */
  cn: string
  /** The real name in the IdentifyData, else what stands before the bracket in the common name. */
  owner: string
  notBefore: Date
  /** The last second it is valid. */
  notAfter: Date
  /** DER of the SubjectPublicKeyInfo. */
  spki: Bytes
  /** The policies' identifiers, dotted. */
  policies: string[]
  /** What it says of its use: to sign, to encrypt keys, to issue certificates. All false when it says nothing. */
  usage: { sign: boolean; encrypt: boolean; ca: boolean }
  /** The subject key identifier. */
  ski?: Bytes
  /** SHA-256 of the DER in lower-case hex. */
  fingerprint(): Promise<string>
}

/** Bounds a certificate, in bytes of DER. */
export const MAX_CERTIFICATE = 64 << 10

/** Reads one certificate, DER or PEM. Throws `format`. */
export function readCertificate(file: Uint8Array): Certificate {
  const der = unpem(file)
  if (der.length > MAX_CERTIFICATE) bad()
  const whole = fields(parse(der))
  const f = fields(whole.take())
  fields(whole.take())
  readBits(whole.take())
  whole.end()
  f.may(0xa0)
  const number = f.take(2)
  const serial = readInt(number)
  if (serial < 0n) bad()
  fields(f.take())
  const issuer = f.take()
  const validity = fields(f.take())
  const [notBefore, notAfter] = [readTime(validity.take()), readTime(validity.take())]
  validity.end()
  const subject = f.take()
  const spki = f.take(0x30).raw
  f.may(0x81)
  f.may(0x82)
  const wrapped = f.may(0xa3)
  f.end()
  const extension = readExtensions(wrapped)
  const [issuerName, subjectName] = [parseName(issuer), parseName(subject)]
  const cn = commonName(subjectName)
  const ski = extension(O.subjectKeyId)
  return {
    der,
    serial: hex(number.value.subarray(number.value.length > 1 && !number.value[0] ? 1 : 0)),
    rawSerial: number.value,
    issuer: nameString(issuerName),
    subject: nameString(subjectName),
    rawIssuer: issuer.raw,
    rawSubject: subject.raw,
    issuerName,
    subjectName,
    cn,
    owner: realName(extension(O.subjectAltName)) || cn.split('(')[0]!,
    notBefore,
    notAfter,
    spki,
    policies: extension(O.certificatePolicies)?.children().map((p) => readOid(fields(p).take())) ?? [],
    usage: readUsage(extension(O.keyUsage), extension(O.basicConstraints)),
    ...(ski && { ski: expect(ski, 4).value }),
    fingerprint: async () => hex(new Uint8Array(await crypto.subtle.digest('SHA-256', copy(der)))),
  }
}

/** Finds extensions by identifier; one that comes twice would say two things. */
function readExtensions(wrapped?: Node): (id: string) => Node | undefined {
  const found = new Map<string, Node>()
  for (const e of wrapped ? expect(inner(wrapped), 0x30).children() : []) {
    const f = fields(e)
    const id = readOid(f.take())
    f.may(1) // critical
    if (found.has(id)) bad()
    found.set(id, f.take(4))
    f.end()
  }
  return (id) => {
    const e = found.get(id)
    return e && parse(e.value)
  }
}

// The bits of keyUsage count from the top: 0 digitalSignature, 2 keyEncipherment.
function readUsage(usage?: Node, constraints?: Node): Certificate['usage'] {
  const bits = (usage && expect(usage, 3).value[1]) ?? 0
  return {
    sign: (bits & 0x80) > 0,
    encrypt: (bits & 0x20) > 0,
    ca: !!constraints && (fields(constraints).may(1)?.value[0] ?? 0) > 0,
  }
}

/** The real name of the one IdentifyData (KCAC.TS.SIVID) in a subjectAltName, empty when it has none that can be read. */
function realName(names?: Node): string {
  try {
    const found = expect(names, 0x30)
      .children()
      .filter((n) => n.tag === 0xa0 && readOid(n.children()[0] ?? bad()) === O.identifyData)
    const [id, value, more] = found.length === 1 ? found[0]!.children() : []
    return id && value && !more ? readString(expect(fields(inner(expect(value, 0xa0))).take(12), 12)) : ''
  } catch {
    return ''
  }
}
