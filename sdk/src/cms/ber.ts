import { type Bytes } from '../asn1/bytes'
import { bad, type Node, octets, parse, readOctets, tlv } from '../asn1/der'

/** Bounds the elements of a message. */
const MAX_ELEMENTS = 1 << 18

/**
 * Reads one element as DER, rewriting what BER allows where files of the field
 * use it: indefinite and long-winded lengths, OCTET STRINGs in pieces. What is
 * DER stays as it is, byte for byte, and the order in SETs in any case.
 */
export function parseBer(bytes: Uint8Array): Node {
  let left = MAX_ELEMENTS
  const rewrite = (n: Node): Bytes => {
    if (!left--) bad()
    if (n.tag === 0x24) return octets(pieces(n))
    return tlv(n.tag, ...(n.tag & 0x20 ? n.children().map(rewrite) : [n.value]))
  }
  const pieces = (n: Node): Bytes => {
    for (const c of n.children()) if ((c.tag & ~0x20) !== 4 || !left--) bad()
    return readOctets(n)
  }
  return parse(rewrite(parse(bytes, { ber: true })))
}
