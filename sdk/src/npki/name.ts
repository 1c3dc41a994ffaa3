// Distinguished names (KCAC.TS.DN) and their folder form (KCAC.TS.UI).

import { type Node, bad, expect, fields, parse, readOid, readString } from '../asn1/der'

/** One part of a name: its type as dotted numbers, and its text. */
export interface Attribute {
  type: string
  value: string
}

/** A name in the order of its encoding: C first, CN last. */
export type Name = Attribute[]

/** Bounds on names: bytes of DER, and parts. */
const MAX_SIZE = 8 << 10
const MAX_ATTRIBUTES = 64

/** The keywords of the folder form: these three, and the arcs of X.520 below. */
const KEYWORDS: Record<string, string> = {
  '1.2.840.113549.1.9.1': 'emailaddress',
  '0.9.2342.19200300.100.1.25': 'dc',
  '0.9.2342.19200300.100.1.1': 'uid',
}
// 2.5.4.3 is cn, 2.5.4.11 ou, and so on.
const X520 = '3cn11ou10o6c7l8st9street5serialnumber12title4sn42givenname'
for (const [, arc, keyword] of X520.matchAll(/(\d+)([a-z]+)/g)) KEYWORDS['2.5.4.' + arc] = keyword!

/** The keyword of a type, such as `cn`; its dotted number when it has none. */
export const keyword = (type: string): string => KEYWORDS[type] ?? type

/**
 * Reads the DER of a name. Lenient where the field is: any string type is
 * taken, and an RDN of several attributes counts as so many RDNs. Throws a
 * DerError.
 */
export function parseName(der: Uint8Array | Node): Name {
  const n = der instanceof Uint8Array ? parse(der) : der
  if (n.raw.length > MAX_SIZE) bad()
  const name: Name = []
  for (const rdn of expect(n, 0x30).children()) {
    const attributes = expect(rdn, 0x31).children()
    if (!attributes.length) bad()
    for (const a of attributes) {
      const f = fields(a)
      if (name.length === MAX_ATTRIBUTES) bad()
      name.push({ type: readOid(f.take()), value: readString(f.take()) })
      f.end()
    }
  }
  return name
}

/**
 * The folder form: `cn=…,ou=…,o=…,c=kr`, most specific first, lower-case
 * types, no blanks between, special characters escaped as in RFC 4514. For
 * people and for comparing; the name of a folder still needs care.
 */
export const nameString = (name: Name): string =>
  name
    .map(({ type, value }) => keyword(type) + '=' + escape(value))
    .reverse()
    .join(',')

const escape = (value: string): string =>
  value
    .replace(/[,+"\\<>;]|^[# ]| $/g, '\\$&')
    .replace(/[\0-\x1f\x7f]/g, (c) => '\\' + c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0'))

/** The most specific CN of a name, empty when it has none. */
export const commonName = (name: Name): string => name.findLast((a) => a.type === '2.5.4.3')?.value ?? ''
