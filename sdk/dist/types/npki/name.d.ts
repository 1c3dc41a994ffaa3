import { type Node } from '../asn1/der';
/** One part of a name: its type as dotted numbers, and its text. */
export interface Attribute {
    type: string;
    value: string;
}
/** A name in the order of its encoding: C first, CN last. */
export type Name = Attribute[];
/** The keyword of a type, such as `cn`; its dotted number when it has none. */
export declare const keyword: (type: string) => string;
/**
 * Reads the DER of a name. Lenient where the field is: any string type is
 * taken, and an RDN of several attributes counts as so many RDNs. Throws a
 * DerError.
 */
export declare function parseName(der: Uint8Array | Node): Name;
/**
 * The folder form: `cn=…,ou=…,o=…,c=kr`, most specific first, lower-case
 * types, no blanks between, special characters escaped as in RFC 4514. For
 * people and for comparing; the name of a folder still needs care.
 */
export declare const nameString: (name: Name) => string;
/** The most specific CN of a name, empty when it has none. */
export declare const commonName: (name: Name) => string;
