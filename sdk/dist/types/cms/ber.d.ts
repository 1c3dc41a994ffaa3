import { type Node } from '../asn1/der';
/**
 * Reads one element as DER, rewriting what BER allows where files of the field
 * use it: indefinite and long-winded lengths, OCTET STRINGs in pieces. What is
 * DER stays as it is, byte for byte and where it is, and the order in SETs in
 * any case.
 */
export declare function parseBer(bytes: Uint8Array): Node;
