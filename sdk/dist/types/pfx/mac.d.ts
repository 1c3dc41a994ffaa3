import { type Bytes } from '../asn1/bytes';
import { type Node } from '../asn1/der';
import { type Secret } from './pbe';
/**
 * Whether MacData (RFC 7292 §4) is right over the content. Of the two forms of
 * an empty password the secret keeps the one that fits.
 */
export declare function checkMac(n: Node, s: Secret, content: Uint8Array): Promise<boolean>;
/** MacData over the content. */
export declare function writeMac(hash: 'SHA-1' | 'SHA-256', password: Uint8Array, iterations: number, content: Uint8Array): Promise<Bytes>;
