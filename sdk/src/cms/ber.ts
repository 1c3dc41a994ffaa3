import { type Bytes, join } from '../asn1/bytes'
import { type Node, octets, parse, readOctets, tlv } from '../asn1/der'

/**
 * Reads one element as DER, rewriting what BER allows where files of the field
 * use it: indefinite and long-winded lengths, OCTET STRINGs in pieces. What is
 * DER stays as it is, byte for byte and where it is, and the order in SETs in
 * any case.
 */
export function parseBer(bytes: Uint8Array): Node {
  return parse(rewrite(parse(bytes, { ber: true })))
}

function rewrite(n: Node): Bytes {
  if (n.tag === 0x24) return octets(readOctets(n))
  if (!(n.tag & 0x20)) return isShort(n) ? n.raw : tlv(n.tag, n.value)
  const before = n.children()
  const after = before.map(rewrite)
  return isShort(n) && after.every((b, i) => b === before[i]!.raw) ? n.raw : tlv(n.tag, join(after))
}

/** Whether the length is there, and no longer than it need be. */
const isShort = (n: Node): boolean =>
  n.start + n.header + n.value.length === n.end && n.header === headerOf(n.value.length)

function headerOf(size: number): number {
  let octets = 2
  if (size > 127) for (; size; size = Math.floor(size / 256)) octets++
  return octets
}
